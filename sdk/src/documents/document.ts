import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { ConnectionEnd } from '../connection/state.ts';

/**
 * Is the content here what the server has?
 * - `loading`: nothing has come yet, neither from the server nor from the offline copy
 * - `synced`: yes, and every edit of anybody goes both ways
 * - `offline`: it was; edits are kept and merged once the connection is back
 * - `closed`: `close` was called, or the server ended it, for the reason in `end`
 */
export type DocumentStatus = 'loading' | 'synced' | 'offline' | 'closed';

/**
 * Are the edits made here on the server's disk?
 * - `saved`: all of them
 * - `saving`: some are on their way
 * - `offline`: some are not, and there is no connection
 * - `refused`: some are not and will not be: the user may only read
 */
export type SavedState = 'saved' | 'saving' | 'offline' | 'refused';

/** How a document is. Immutable; the same reference until something changes. */
export interface DocumentSnapshot {
  readonly status: DocumentStatus;
  readonly saved: SavedState;
  /** The user may only read: the server takes no edits. */
  readonly readOnly: boolean;
  /** Why the server ended it, when `status` is `closed` on its account: such as 4504, deleted. */
  readonly end: ConnectionEnd | undefined;
}

/** One use of a shared document. All uses of one document in a project share its content. */
export interface SharedDocument extends DocumentSnapshot {
  readonly id: string;
  /** The content: bind an editor to it, or read and change its types. */
  readonly doc: Y.Doc;
  /** Who edits where, with the project user's id, name and colour under `user`, as editors expect it. */
  readonly awareness: Awareness;
  getSnapshot(): DocumentSnapshot;
  /** Calls `listener` after every change of the snapshot until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** Ends this use. After the last one the document is let go, with what was not saved: see `saved`. */
  close(): void;
}
