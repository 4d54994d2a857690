import { useMemo } from 'react';
import type { Edits } from '../../documents/edits.ts';
import type { Records } from '../../documents/records.ts';
import type { SurfaceProps } from '../../documents/surface.ts';
import { useRecords } from '../../documents/use-records.ts';
import { randomId } from '../../identity/identity.ts';
import { type Form, parseSolid, type Solid, type Vector } from './model.ts';

/** What can be done in a scene. */
export interface SceneActions {
  /** Adds a solid on the ground and returns its id. */
  add(form: Form, at: Vector, color: string): string;
  /** Changes some fields, as one change. */
  set(id: string, fields: Partial<Pick<Solid, 'label' | 'at' | 'turn'>>): void;
  /** Changes some fields while one drags; `drop` ends that. */
  drag(id: string, fields: Partial<Pick<Solid, 'at' | 'turn'>>): void;
  drop(): void;
  remove(id: string): void;
}

/** The solids of a document, and what changes them. */
export function useScene({
  doc,
  edits,
}: Pick<SurfaceProps, 'doc' | 'edits'>): readonly [readonly Solid[], SceneActions] {
  const [solids, records] = useRecords(doc, 'solids', parseSolid);
  const actions = useMemo(() => createActions(edits, records), [edits, records]);
  return [solids, actions];
}

function createActions(edits: Edits, solids: Records<Solid>): SceneActions {
  return {
    add(form, at, color) {
      const id = randomId();
      const label = `${form[0]?.toUpperCase()}${form.slice(1)} ${solids.get().length + 1}`;
      edits.step(() => solids.add(id, { label, form, at, turn: [0, 0, 0], color }));
      return id;
    },
    set: (id, fields) => edits.step(() => solids.update(id, fields)),
    drag: (id, fields) => edits.stroke(() => solids.update(id, fields)),
    drop: edits.end,
    remove: (id) => edits.step(() => solids.remove(id)),
  };
}
