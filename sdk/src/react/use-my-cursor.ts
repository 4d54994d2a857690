import { useCallback } from 'react';
import type { CursorDetails } from '../project.ts';
import type { CursorPosition } from '../protocol/index.ts';
import { useProject } from './use-project.ts';

/** Moves one's own cursor in a document. Call it as often as you like: it is sent at the project's `cursorInterval`. */
export function useMyCursor(documentId: string): (position: CursorPosition, details?: CursorDetails) => void {
  const project = useProject();
  return useCallback(
    (position, details) => project?.moveCursor(documentId, position, details),
    [project, documentId],
  );
}
