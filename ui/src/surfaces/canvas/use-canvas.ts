import { useCallback, useMemo, useRef } from 'react';
import type { Edits } from '../../documents/edits.ts';
import type { Records } from '../../documents/records.ts';
import type { SurfaceProps } from '../../documents/surface.ts';
import { useRecords } from '../../documents/use-records.ts';
import { randomId } from '../../identity/identity.ts';
import { type Box, type Connection, parseBox, parseConnection } from './model.ts';

/** Milliseconds between two places of a box that is dragged. The last place is always told. */
const DRAG_MS = 50;

/** What can be done on a canvas. */
export interface CanvasActions {
  /** Adds a box and returns its id. */
  add(at: Box['at']): string;
  setLabel(id: string, label: string): void;
  /** Somebody drags a box; the last call of a drag says so. */
  move(id: string, at: Box['at'], isDragging: boolean): void;
  connect(source: string, target: string): void;
  /** Removes boxes with what connects them, and connections. */
  remove(boxes: readonly string[], connections: readonly string[]): void;
}

/** A canvas' boxes and connections, and what changes them. */
export function useCanvas({ doc, edits }: Pick<SurfaceProps, 'doc' | 'edits'>) {
  const [boxes, boxRecords] = useRecords(doc, 'nodes', parseBox);
  const [connections, connectionRecords] = useRecords(doc, 'edges', parseConnection);
  const actions = useMemo(
    () => createActions(edits, boxRecords, connectionRecords),
    [edits, boxRecords, connectionRecords],
  );
  const lastTold = useRef(0);

  const move = useCallback<CanvasActions['move']>(
    (id, at, isDragging) => {
      const now = performance.now();
      if (!isDragging || now - lastTold.current >= DRAG_MS) {
        lastTold.current = now;
        actions.move(id, at, isDragging);
      }
    },
    [actions],
  );

  return { boxes, connections, actions, move };
}

function createActions(edits: Edits, boxes: Records<Box>, connections: Records<Connection>): CanvasActions {
  return {
    add(at) {
      const id = randomId();
      edits.step(() => boxes.add(id, { label: 'New box', at }));
      return id;
    },
    setLabel(id, label) {
      if (boxes.get().some((box) => box.id === id && box.label !== label)) {
        edits.step(() => boxes.update(id, { label }));
      }
    },
    move(id, at, isDragging) {
      edits.stroke(() => boxes.update(id, { at }));
      if (!isDragging) {
        edits.end();
      }
    },
    connect(source, target) {
      const isThere = connections.get().some((one) => one.source === source && one.target === target);
      if (source !== target && !isThere) {
        edits.step(() => connections.add(randomId(), { source, target }));
      }
    },
    remove(boxIds, connectionIds) {
      edits.step(() => {
        for (const id of boxIds) {
          boxes.remove(id);
        }
        for (const { id, source, target } of connections.get()) {
          if (connectionIds.includes(id) || boxIds.includes(source) || boxIds.includes(target)) {
            connections.remove(id);
          }
        }
      });
    },
  };
}
