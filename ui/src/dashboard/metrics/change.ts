import type { Reading } from './reading.ts';

/** A counter of a reading; undefined where the server does not know it. */
export type Counter = (reading: Reading) => number | undefined;

/**
 * By how much a counter rose each second between two readings, by the server's own time. Undefined without an earlier
 * reading of the same process: one that was started again counts from nothing, which is no fall.
 */
export function rateOf(before: Reading | undefined, after: Reading, counter: Counter): number | undefined {
  if (!before || !after.follows(before)) {
    return undefined;
  }
  const rise = riseOf(before, after, counter);
  return rise === undefined ? undefined : rise / (after.uptime - before.uptime);
}

/**
 * By how much a counter rose in the last `seconds` before `now`, as far as `earlier`, readings in their order, and the
 * process go back.
 */
export function countOf(
  earlier: readonly Reading[],
  now: Reading,
  seconds: number,
  counter: Counter,
): number | undefined {
  const since = now.uptime - seconds;
  if (since <= 0) {
    // All that this process has counted.
    return counter(now);
  }
  const ofProcess = earlier.filter((reading) => now.follows(reading));
  // The last one before the time began, since what comes after it is in the time.
  const before = ofProcess.findLast((reading) => reading.uptime <= since) ?? ofProcess[0];
  return before ? riseOf(before, now, counter) : undefined;
}

/**
 * The least bound that at least this share of a histogram's observations between two readings do not exceed; undefined
 * without any.
 */
export function quantileOf(
  before: Reading | undefined,
  after: Reading,
  histogram: string,
  share: number,
): number | undefined {
  if (!before || !after.follows(before)) {
    return undefined;
  }
  const earlier = new Map(before.buckets(histogram));
  const counts = after
    .buckets(histogram)
    .map(([bound, count]) => [bound, count - (earlier.get(bound) ?? 0)] as const);
  const all = counts.at(-1)?.[1] ?? 0;
  if (all <= 0) {
    return undefined;
  }
  return counts.find(([, count]) => count >= share * all)?.[0];
}

function riseOf(before: Reading, after: Reading, counter: Counter): number | undefined {
  const [first, last] = [counter(before), counter(after)];
  if (last === undefined) {
    return undefined;
  }
  // A counter with labels appears with its first event.
  const rise = last - (first ?? 0);
  return rise < 0 ? undefined : rise;
}
