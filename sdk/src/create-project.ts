import type { Connection } from './connection/connection.ts';
import type { Listeners } from './listeners.ts';
import type { Project } from './project.ts';
import type { ProjectStore } from './project-store.ts';
import type { ServerMessage, ServerMessageOf } from './protocol/index.ts';
import type { Place } from './session/place.ts';
import type { Session } from './session/session.ts';
import type { PresenceStatus } from './session/status.ts';
import type { Throttle } from './session/throttle.ts';
import type { Tokens } from './session/tokens.ts';

/** What a project is made of. */
export interface ProjectParts {
  readonly id: number;
  readonly store: ProjectStore;
  readonly messages: Listeners<[ServerMessage]>;
  readonly connection: Connection;
  readonly session: Session;
  readonly place: Place;
  readonly cursors: Throttle;
  readonly status: PresenceStatus;
  readonly tokens: Tokens;
  /** Lets go what else there is, while the connection is still there. */
  closing(): void;
}

/** What users of a project see of its parts. */
export function createProject(parts: ProjectParts): Project {
  const { id, store, messages, connection, session, place, cursors, status, tokens } = parts;
  return {
    id,
    getSnapshot: store.get,
    subscribe: store.subscribe,
    on: (type, listener) =>
      messages.add((message) => {
        if (message.type === type) {
          listener(message as ServerMessageOf<typeof type>);
        }
      }),
    switchDocument(documentId, documentType) {
      const document = { documentId, documentType };
      place.enter(document);
      store.setDocument(document);
      session.send({ type: 'switch_document', data: document });
    },
    moveCursor(documentId, position, { selectedNodeId } = {}) {
      place.move({ documentId, position, ...(selectedNodeId !== undefined && { selectedNodeId }) });
      cursors.request();
    },
    setStatus: status.choose,
    refreshToken: tokens.refresh,
    leave: () => connection.end('left'),
    join: connection.start,
    close() {
      status.stop();
      parts.closing();
      connection.end('closed');
    },
  };
}
