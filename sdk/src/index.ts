/** Presence and live cursors of a project. Documents are in `./documents`, React in `./react`. */

export { connect } from './connect.ts';
export type { SocketConstructor, SocketLike } from './connection/socket.ts';
export type { CloseName, ConnectionEnd, ConnectionState } from './connection/state.ts';
export type { DocumentsExtension, DocumentsLink, DocumentsService } from './extension.ts';
export type { ConnectOptions, User } from './options.ts';
export { applyDelta, applySnapshot } from './presence/apply.ts';
export {
  type CursorPlace,
  type DocumentCursors,
  EMPTY_PRESENCE,
  type PresenceState,
} from './presence/state.ts';
export { type Cursor, EMPTY_VIEW, type PresenceView, viewPresence } from './presence/view.ts';
export type { CursorDetails, Project, ProjectSnapshot, ProjectWithDocuments } from './project.ts';
export type {
  ClientMessage,
  CursorPosition,
  DepartureReason,
  DocumentPresence,
  DocumentType,
  ErrorCode,
  LimitHit,
  LimitName,
  PositionOf,
  Presence,
  Role,
  ServerMessage,
  ServerMessageOf,
  Status,
  WireError,
} from './protocol/index.ts';
export type { DocumentRef } from './session/place.ts';
export type { TokenSource } from './token.ts';
