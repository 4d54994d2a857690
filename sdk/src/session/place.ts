import type { CursorUpdate, DocumentType } from '../protocol/index.ts';

/** Documents that one session may be in; entering one more leaves the one entered first (rule C1). */
const MAX_DOCUMENTS = 8;

/** A document, and its type. */
export interface DocumentRef {
  readonly documentId: string;
  readonly documentType: DocumentType;
}

/** Where this session is: its state, not its history, so that it can be told again after a reconnect. */
export interface Place {
  /** The document that was switched to last. */
  current(): DocumentRef | undefined;
  /** Enters one document and leaves all others. */
  enter(document: DocumentRef): void;
  /** The newest cursor of a document, entering the document if need be. */
  move(cursor: CursorUpdate): void;
  /** The newest cursors that were not taken yet. */
  takeUnsent(): CursorUpdate[];
  /** All cursors count as not taken. Is there any? */
  markUnsent(): boolean;
}

export function createPlace(): Place {
  const cursors = new Map<string, CursorUpdate | undefined>();
  const unsent = new Set<string>();
  let current: DocumentRef | undefined;

  function forget(documentId: string): void {
    cursors.delete(documentId);
    unsent.delete(documentId);
    current = current?.documentId === documentId ? undefined : current;
  }

  return {
    current: () => current,
    enter(document) {
      const cursor = cursors.get(document.documentId);
      const isUnsent = unsent.has(document.documentId);
      cursors.clear();
      unsent.clear();
      cursors.set(document.documentId, cursor);
      if (isUnsent) {
        unsent.add(document.documentId);
      }
      current = document;
    },
    move(cursor) {
      cursors.set(cursor.documentId, cursor);
      unsent.add(cursor.documentId);
      const [oldest] = cursors.keys();
      if (cursors.size > MAX_DOCUMENTS && oldest !== undefined) {
        forget(oldest);
      }
    },
    takeUnsent() {
      const taken = [...unsent].flatMap((documentId) => cursors.get(documentId) ?? []);
      unsent.clear();
      return taken;
    },
    markUnsent() {
      for (const [documentId, cursor] of cursors) {
        if (cursor) {
          unsent.add(documentId);
        }
      }
      return unsent.size > 0;
    },
  };
}
