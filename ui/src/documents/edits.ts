import * as Y from 'yjs';

/** The origin of changes made here, which tells them from everybody else's. */
const HERE = { here: true };

/** Changes of a document, and the way back from one's own. */
export interface Edits {
  readonly history: Y.UndoManager;
  /** One change, which one undo takes back. */
  step(change: () => void): void;
  /** A part of a change that goes on, such as a drag. */
  stroke(change: () => void): void;
  /** What comes next is another change. */
  end(): void;
  /** Ends the bookkeeping; the document stays. */
  close(): void;
}

/**
 * What one does in `doc`, from now on. `typingMs` is for surfaces that edit on their own: edits with shorter pauses
 * between them are one change. All others say where a change begins and ends.
 */
export function createEdits(doc: Y.Doc, typingMs = Number.POSITIVE_INFINITY): Edits {
  const history = new Y.UndoManager(doc, { trackedOrigins: new Set([HERE]), captureTimeout: typingMs });
  const stroke = (change: () => void): void => doc.transact(change, HERE);
  const end = (): void => history.stopCapturing();
  return {
    history,
    stroke,
    end,
    step(change) {
      end();
      stroke(change);
      end();
    },
    close: () => history.destroy(),
  };
}
