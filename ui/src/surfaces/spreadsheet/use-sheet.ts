import { useMemo, useSyncExternalStore } from 'react';
import type * as Y from 'yjs';
import type { Edits } from '../../documents/edits.ts';
import { type Cell, COLUMNS, cellName, cellOf, ROWS } from './address.ts';
import { createSheet, type Sheet } from './sheet.ts';

/** Characters of a cell. */
const MAX_TEXT = 1_000;

/** Cells by their names. */
interface CellStore {
  get(): ReadonlyMap<string, string>;
  subscribe(listener: () => void): () => void;
  /** Types texts into cells, as one change. */
  type(texts: readonly (readonly [Cell, string])[]): void;
}

/** The sheet of a document, and how to type into it. */
export function useSheet(doc: Y.Doc, edits: Edits): readonly [Sheet, CellStore['type']] {
  const store = useMemo(() => createCellStore(doc, edits), [doc, edits]);
  const typed = useSyncExternalStore(store.subscribe, store.get);
  const sheet = useMemo(() => createSheet(typed), [typed]);
  return [sheet, store.type];
}

function createCellStore(doc: Y.Doc, edits: Edits): CellStore {
  const root = doc.getMap<unknown>('cells');
  let typed = readCells(root);
  return {
    get: () => typed,
    subscribe(listener) {
      const changed = () => {
        typed = readCells(root);
        listener();
      };
      changed();
      root.observe(changed);
      return () => root.unobserve(changed);
    },
    type(texts) {
      edits.step(() => {
        for (const [cell, text] of texts) {
          if (cell.row >= ROWS || cell.column >= COLUMNS) {
            continue;
          }
          if (text === '') {
            root.delete(cellName(cell));
          } else {
            root.set(cellName(cell), text.slice(0, MAX_TEXT));
          }
        }
      });
    },
  };
}

/** What is there and can be shown: anybody may have written anything. */
function readCells(root: Y.Map<unknown>): ReadonlyMap<string, string> {
  const cells = new Map<string, string>();
  for (const [name, text] of root.entries()) {
    if (cellOf(name) && typeof text === 'string') {
      cells.set(name, text.slice(0, MAX_TEXT));
    }
  }
  return cells;
}
