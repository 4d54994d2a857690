/** Most milliseconds before the first try to come back. */
const BASE_MS = 1_000;
/** Most milliseconds before any try. */
const CEILING_MS = 30_000;

/**
 * Milliseconds to wait before try `n` to come back, counted from 0: anything between 0 and a bound that doubles with
 * each try. The first one waits, too, or all clients of a restarted server would come back together.
 */
export function backoffDelay(n: number, random: () => number = Math.random): number {
  return random() * Math.min(CEILING_MS, BASE_MS * 2 ** n);
}
