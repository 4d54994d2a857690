import type { ConnectionState } from './connection/state.ts';
import type { PresenceState } from './presence/state.ts';
import { EMPTY_VIEW, viewPresence } from './presence/view.ts';
import type { ProjectSnapshot } from './project.ts';
import type { Status } from './protocol/index.ts';
import { createStore, type Store } from './store.ts';

/** A project before anything is known of it. */
export const EMPTY_SNAPSHOT: ProjectSnapshot = {
  ...EMPTY_VIEW,
  connection: { phase: 'connecting', tries: 0 },
  sessionId: undefined,
  document: undefined,
  status: 'active',
};

/** The project's snapshot. */
export interface ProjectStore extends Pick<Store<ProjectSnapshot>, 'get' | 'subscribe'> {
  setConnection(connection: ConnectionState): void;
  setStatus(status: Status): void;
  setDocument(document: ProjectSnapshot['document']): void;
  /** What the server told is another thing now. */
  setPresence(presence: PresenceState): void;
}

/** `subject` is whom the token names: with authentication on, that is who one is, whoever `userId` says. */
export function createProjectStore(userId: string, subject: () => string | undefined): ProjectStore {
  const { get, set, subscribe } = createStore(EMPTY_SNAPSHOT);

  function ownId({ users }: PresenceState): string {
    return users.has(userId) ? userId : (subject() ?? userId);
  }

  return {
    get,
    subscribe,
    setConnection: (connection) => set({ ...get(), connection }),
    setStatus: (status) => set({ ...get(), status }),
    setDocument: (document) => set({ ...get(), document }),
    setPresence(presence) {
      const view = viewPresence(presence, ownId(presence), get());
      set({ ...get(), ...view, sessionId: presence.sessionId });
    },
  };
}
