import { useMemo, useSyncExternalStore } from 'react';
import type * as Y from 'yjs';
import { type Fields, openRecords, type Records } from './records.ts';

/** The records under `name`, and what changes them. `parse` must keep its reference. */
export function useRecords<T>(
  doc: Y.Doc,
  name: string,
  parse: (id: string, fields: Fields) => T | undefined,
): readonly [readonly T[], Records<T>] {
  const records = useMemo(() => openRecords(doc, name, parse), [doc, name, parse]);
  return [useSyncExternalStore(records.subscribe, records.get), records];
}
