import type { ConnectionState } from './connection/state.ts';
import type { PresenceView } from './presence/view.ts';
import type {
  CursorPosition,
  DocumentType,
  ServerMessage,
  ServerMessageOf,
  Status,
} from './protocol/index.ts';
import type { DocumentRef } from './session/place.ts';

/** All that is known of a project now. Immutable: parts that did not change keep their reference. */
export interface ProjectSnapshot extends PresenceView {
  readonly connection: ConnectionState;
  /** This connection's session, while it has joined. */
  readonly sessionId: string | undefined;
  /** The document this session has switched to. */
  readonly document: DocumentRef | undefined;
  /** This session's own status. */
  readonly status: Status;
}

/** What goes with a cursor. */
export interface CursorDetails {
  /** What is selected there; without it nothing is. */
  readonly selectedNodeId?: string | undefined;
}

/** One session in a project. Its methods never throw for want of a connection: they say what should be so. */
export interface Project {
  readonly id: number;
  /** What is known now; the same reference until something changes. */
  getSnapshot(): ProjectSnapshot;
  /** Calls `listener` after every change until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** Calls `listener` for each message of a type, such as `error` or `user_left`, until the returned function is called. */
  on<T extends ServerMessage['type']>(type: T, listener: (message: ServerMessageOf<T>) => void): () => void;
  /** Enters one document and leaves all others. */
  switchDocument(documentId: string, documentType: DocumentType): void;
  /** Moves the cursor. Sent at most once per `cursorInterval`; the last position is always sent. */
  moveCursor(documentId: string, position: CursorPosition, details?: CursorDetails): void;
  /** Says how present the user is. While the page is hidden, others see `away` all the same. */
  setStatus(status: Status): void;
  /**
   * Brings a token to the server without a reconnect: `fresh`, which takes the place of a fixed one, or else what the
   * callback brings. Rejects as the callback does.
   */
  refreshToken(fresh?: string): Promise<void>;
  /** Leaves the project: others see it at once. `join` comes back. */
  leave(): void;
  /** Comes back after `leave`, or tries again after the connection has stopped. */
  join(): void;
  /** Leaves for good and frees everything. */
  close(): void;
}

/** A project with shared documents of type `D`. */
export interface ProjectWithDocuments<D> extends Project {
  /** The shared document `id`. Every call is one use of it, which its `close` ends. */
  document(id: string): D;
}
