import type { CursorPosition, DocumentType, Presence } from '../protocol/index.ts';

/** Where one user's cursor is in one document. Of several sessions of a user, the one that moved last counts. */
export interface CursorPlace {
  readonly userId: string;
  readonly documentId: string;
  readonly documentType: DocumentType;
  readonly position: CursorPosition;
  /** What is selected there. */
  readonly selectedNodeId?: string;
  /** The mover's clock in milliseconds since 1970, if the mover sent it. */
  readonly timestamp?: number;
}

/** Cursors of one document by user id. */
export type DocumentCursors = ReadonlyMap<string, CursorPlace>;

/** What the server has told of a project. Immutable: parts that did not change keep their reference. */
export interface PresenceState {
  /** This connection's session, once it has joined. */
  readonly sessionId: string | undefined;
  /** Everybody, oneself included, by user id. */
  readonly users: ReadonlyMap<string, Presence>;
  /** Cursors by document id. Live in the documents the session is in, elsewhere as last told. */
  readonly cursors: ReadonlyMap<string, DocumentCursors>;
}

/** Nobody, nowhere: before the first snapshot. */
export const EMPTY_PRESENCE: PresenceState = { sessionId: undefined, users: new Map(), cursors: new Map() };
