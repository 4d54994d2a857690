import { type Connection, createConnection } from './connection/connection.ts';
import type { SocketConstructor } from './connection/socket.ts';
import type { ConnectionState } from './connection/state.ts';
import { createProject } from './create-project.ts';
import type { DocumentsExtension, DocumentsLink, DocumentsService } from './extension.ts';
import { createListeners } from './listeners.ts';
import type { ConnectOptions } from './options.ts';
import type { Project, ProjectWithDocuments } from './project.ts';
import { createProjectStore, type ProjectStore } from './project-store.ts';
import { PRESENCE_PROTOCOLS } from './protocol/codec.ts';
import { projectEndpoint } from './protocol/endpoint.ts';
import type { ServerMessage } from './protocol/index.ts';
import { createPlace } from './session/place.ts';
import { createSession, type Session } from './session/session.ts';
import { createPresenceStatus } from './session/status.ts';
import { createThrottle } from './session/throttle.ts';
import { createTokens } from './session/tokens.ts';
import { subjectOf } from './token.ts';

/** Milliseconds between two cursors: twenty a second. */
const CURSOR_MS = 50;
/** Phases in which nothing is known of others, and nothing is tried to change that. */
const RESTING: readonly ConnectionState['phase'][] = ['stopped', 'left', 'closed'];

/**
 * Joins a project, and comes back by itself whenever the connection is lost. With `documents`, the project has shared
 * documents on the same connection.
 *
 * @throws TypeError when `url` is no address, or when there is no WebSocket to use.
 * @throws RangeError when `projectId` is out of range.
 */
export function connect<D>(
  options: ConnectOptions & { documents: DocumentsExtension<D> },
): ProjectWithDocuments<D>;
export function connect(options: ConnectOptions): Project;
export function connect<D>(options: ConnectOptions & { documents?: DocumentsExtension<D> }): Project {
  const { user, projectId } = options;
  const messages = createListeners<[ServerMessage]>();
  const place = createPlace();
  const tokens = createTokens(options.token, (token) => {
    session.send({ type: 'authenticate', data: { token } });
  });
  const store = createProjectStore(user.id, () => subjectOf(tokens.current() ?? ''));
  const rules = { followsPage: options.followsPage ?? true, idleAfter: options.idleAfter };
  const status = createPresenceStatus(rules, () => {
    session.send({ type: 'set_status', data: { status: status.get() } });
    store.setStatus(status.get());
  });
  const connection: Connection = createConnection(
    {
      url: projectEndpoint(options.url, projectId),
      protocols: options.documents?.protocols ?? PRESENCE_PROTOCOLS,
      WebSocket: options.WebSocket ?? globalWebSocket(),
    },
    {
      prepare: tokens.fetch,
      isFinal: (end) => end.kind === 'closed' && end.name === 'token_expired' && tokens.isFixed(),
      opened: (protocol) => session.opened(protocol),
      text: (frame) => session.text(frame),
      binary: (frame) => session.binary(frame) || documents?.received(frame),
      ping: () => session.ping(),
      down() {
        session.down();
        documents?.offline();
      },
    },
  );
  const cursors = createThrottle(options.cursorInterval ?? CURSOR_MS, () => session.sendCursors());
  const session = createSession({
    user,
    connection,
    place,
    status,
    tokens,
    cursors,
    changed: store.setPresence,
    message: messages.call,
    joined: () => documents?.online(),
  });
  const documents: DocumentsService<D> | undefined = options.documents?.attach(
    linkOf(options, store, session, connection),
  );

  store.setStatus(status.get());
  connection.subscribe(() => {
    const state = connection.get();
    store.setConnection(state);
    if (RESTING.includes(state.phase)) {
      session.forget();
    }
  });
  connection.start();

  const project = createProject({
    id: projectId,
    store,
    messages,
    connection,
    session,
    place,
    cursors,
    status,
    tokens,
    closing: () => documents?.close(),
  });
  return documents ? Object.assign(project, { document: documents.open }) : project;
}

function linkOf(
  { url, projectId, user }: ConnectOptions,
  store: ProjectStore,
  session: Session,
  connection: Connection,
): DocumentsLink {
  return {
    url,
    projectId,
    userId: user.id,
    identity() {
      const { self } = store.get();
      return self ? { id: self.userId, name: self.userName, color: self.avatarColor } : user;
    },
    isOnline: session.isJoined,
    send: (frame) => session.isJoined() && connection.send(frame),
  };
}

function globalWebSocket(): SocketConstructor {
  if (typeof WebSocket === 'undefined') {
    throw new TypeError('there is no global WebSocket here: pass one as the option WebSocket');
  }
  return WebSocket;
}
