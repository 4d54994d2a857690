import { numberOr, textOr } from '../../documents/fields.ts';
import type { Fields } from '../../documents/records.ts';

/** Something that happens on a track, from `start` to `end` in milliseconds. */
export interface Clip {
  readonly id: string;
  readonly label: string;
  readonly track: number;
  readonly start: number;
  readonly end: number;
  /** The colour of whoever made it. */
  readonly color: string;
}

/** A moment on a track. */
export interface Moment {
  readonly track: number;
  readonly time: number;
}

export const TRACKS = 8;
/** Where clips begin and end, in milliseconds: at whole steps. */
export const STEP = 250;
/** Shortest clip, and the length of a new one. */
export const SHORTEST = 500;
export const NEW_LENGTH = 5_000;
/** The end of time: an hour. */
export const END = 3_600_000;

export function parseClip(id: string, { label, track, start, end, color }: Fields): Clip | undefined {
  const [on, from, to] = [track, start, end].map((value) => numberOr(value, undefined));
  if (on === undefined || from === undefined || to === undefined) {
    return undefined;
  }
  return {
    id,
    label: textOr(label, ''),
    track: clamp(Math.trunc(on), 0, TRACKS - 1),
    start: clamp(from, 0, END - SHORTEST),
    end: clamp(to, from + SHORTEST, END),
    color: typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? color : '#5A5950',
  };
}

/** The part of a clip that one drags: all of it, or one of its ends. */
export type Grip = 'whole' | 'start' | 'end';

/** A clip of which `grip` was dragged by `time` milliseconds and `tracks` tracks. */
export function dragged(clip: Clip, grip: Grip, time: number, tracks: number): Clip {
  const by = Math.round(time / STEP) * STEP;
  if (grip === 'start') {
    return { ...clip, start: clamp(clip.start + by, 0, clip.end - SHORTEST) };
  }
  if (grip === 'end') {
    return { ...clip, end: clamp(clip.end + by, clip.start + SHORTEST, END) };
  }
  const length = clip.end - clip.start;
  const start = clamp(clip.start + by, 0, END - length);
  return { ...clip, start, end: start + length, track: clamp(clip.track + tracks, 0, TRACKS - 1) };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** A time as people read it, such as 1:05 or 1:05.5. */
export function format(time: number): string {
  const minutes = Math.floor(time / 60_000);
  const seconds = (time % 60_000) / 1_000;
  const fraction = seconds % 1 ? `.${String(Math.round((seconds % 1) * 100)).replace(/0$/, '')}` : '';
  return `${minutes}:${String(Math.floor(seconds)).padStart(2, '0')}${fraction}`;
}
