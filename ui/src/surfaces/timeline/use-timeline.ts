import { useMemo } from 'react';
import type { Edits } from '../../documents/edits.ts';
import type { Records } from '../../documents/records.ts';
import type { SurfaceProps } from '../../documents/surface.ts';
import { useRecords } from '../../documents/use-records.ts';
import { randomId } from '../../identity/identity.ts';
import { type Clip, type Moment, NEW_LENGTH, parseClip } from './model.ts';

/** What can be done on a timeline. */
export interface TimelineActions {
  /** Adds a clip and returns its id. */
  add(at: Moment, color: string): string;
  rename(id: string, label: string): void;
  /** Puts a clip elsewhere, as one change. */
  put(clip: Clip): void;
  /** Puts a clip elsewhere while one drags it; `drop` ends that. */
  drag(clip: Clip): void;
  drop(): void;
  remove(id: string): void;
}

/** The clips of a document, and what changes them. */
export function useTimeline({
  doc,
  edits,
}: Pick<SurfaceProps, 'doc' | 'edits'>): readonly [readonly Clip[], TimelineActions] {
  const [clips, records] = useRecords(doc, 'clips', parseClip);
  const actions = useMemo(() => createActions(edits, records), [edits, records]);
  return [clips, actions];
}

function createActions(edits: Edits, clips: Records<Clip>): TimelineActions {
  const place = ({ id, track, start, end }: Clip) => clips.update(id, { track, start, end });
  return {
    add({ track, time }, color) {
      const id = randomId();
      const fields = { label: 'New clip', track, start: time, end: time + NEW_LENGTH, color };
      edits.step(() => clips.add(id, fields));
      return id;
    },
    rename: (id, label) => edits.step(() => clips.update(id, { label })),
    put: (clip) => edits.step(() => place(clip)),
    drag: (clip) => edits.stroke(() => place(clip)),
    drop: edits.end,
    remove: (id) => edits.step(() => clips.remove(id)),
  };
}
