import { useEffect, useState, useSyncExternalStore } from 'react';
import type * as Y from 'yjs';
import { createEdits, type Edits } from './edits.ts';

/** The edits of `doc` while the component is there. */
export function useEdits(doc: Y.Doc | undefined, typingMs: number | undefined): Edits | undefined {
  const [edits, setEdits] = useState<{ of: Y.Doc; edits: Edits }>();

  useEffect(() => {
    if (!doc) {
      return;
    }
    const made = createEdits(doc, typingMs);
    setEdits({ of: doc, edits: made });
    return () => made.close();
  }, [doc, typingMs]);

  return edits?.of === doc ? edits?.edits : undefined;
}

const EVENTS = ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const;

/** Is there anything of one's own to take back, or to bring back? */
export function useHistory({ history }: Edits): { readonly canUndo: boolean; readonly canRedo: boolean } {
  const subscribe = (listener: () => void) => {
    for (const event of EVENTS) {
      history.on(event, listener);
    }
    return () => {
      for (const event of EVENTS) {
        history.off(event, listener);
      }
    };
  };
  const canUndo = useSyncExternalStore(subscribe, () => history.undoStack.length > 0);
  const canRedo = useSyncExternalStore(subscribe, () => history.redoStack.length > 0);
  return { canUndo, canRedo };
}
