import { useMemo } from 'react';
import type { Cursor } from '../presence/view.ts';
import type { DocumentType } from '../protocol/index.ts';
import { useSnapshot } from './use-snapshot.ts';

const NONE: readonly Cursor[] = [];

/** The others' cursors in a document; with a `documentType` their positions are of that type. */
export function useCursors(documentId: string): readonly Cursor[];
export function useCursors<T extends DocumentType>(documentId: string, documentType: T): readonly Cursor<T>[];
export function useCursors(documentId: string, documentType?: DocumentType): readonly Cursor[] {
  const cursors = useSnapshot((snapshot) => snapshot.cursors.get(documentId) ?? NONE);
  return useMemo(
    () => (documentType ? cursors.filter((cursor) => cursor.documentType === documentType) : cursors),
    [cursors, documentType],
  );
}
