import type { CursorPosition } from '@collabd/sdk';
import { useMyCursor } from '@collabd/sdk/react';
import { useMemo } from 'react';

/** One's own place in a document: where one points, and what one has selected. */
export interface Place {
  point(position: CursorPosition): void;
  /** Selects something, or nothing. `position` is where it is, for those who have not pointed at anything yet. */
  select(id: string | undefined, position?: CursorPosition): void;
}

/** Tells others where one is in a document; what is told is always both. */
export function usePlace(documentId: string): Place {
  const move = useMyCursor(documentId);
  return useMemo(() => {
    let position: CursorPosition | undefined;
    let selectedNodeId: string | undefined;
    const tell = () => position && move(position, { selectedNodeId });
    return {
      point(next) {
        position = next;
        tell();
      },
      select(id, at) {
        position ??= at;
        if (id !== selectedNodeId) {
          selectedNodeId = id;
          tell();
        }
      },
    };
  }, [move]);
}
