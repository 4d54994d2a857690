import type { Reading } from './reading.ts';

/** Half an hour of readings every two seconds. */
const MOST_POINTS = 900;
/** A longer time between two readings is a gap: nobody looked, or there was no answer. */
const GAP_SECONDS = 10;

/** What charts show of one moment: values by the names of their lines. */
export interface Point {
  /** In seconds since 1970, by the server's clock. */
  readonly at: number;
  /** Empty in a gap. */
  readonly values: ReadonlyMap<string, number>;
}

/** What was read so far. Never changed, only followed by another one. */
export interface History {
  readonly points: readonly Point[];
  /** The readings of the last minutes, for whoever counts over a time. */
  readonly readings: readonly Reading[];
}

export const NOTHING: History = { points: [], readings: [] };

/** Says what a reading shows, given those before it. */
export type Measure = (now: Reading, earlier: readonly Reading[]) => ReadonlyMap<string, number>;

/** How far back readings are kept, in seconds. */
const READINGS_SECONDS = 120;

/** The history with one more reading. */
export function extend(history: History, now: Reading, measure: Measure): History {
  const { points, readings } = history;
  const last = readings.at(-1);
  const point = { at: now.at, values: measure(now, readings) };
  const next = points.filter(({ at }) => at < now.at);
  if (last && now.at - last.at > GAP_SECONDS) {
    next.push({ at: last.at + 1, values: new Map() });
  }
  next.push(point);
  return {
    points: next.slice(-MOST_POINTS),
    readings: [...readings.filter(({ at }) => at > now.at - READINGS_SECONDS), now],
  };
}

/** One line of a chart: a value for each point, null in gaps and where there is none. */
export function lineOf(points: readonly Point[], name: string, absent: number | null): (number | null)[] {
  return points.map(({ values }) => (values.size === 0 ? null : (values.get(name) ?? absent)));
}
