import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks, in milliseconds. */
const PERIOD = 20;

/** For whatever takes no time but the machine's, which may be busy with other tests. */
const PATIENCE = 20_000;

/** Waits until a condition holds. Fails when it does not within the deadline, and says what it last was. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  within = PATIENCE,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + within;
  for (;;) {
    let last: unknown;
    try {
      const value = await condition();
      if (value) {
        return value;
      }
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`not within ${within} ms: ${what} (last: ${String(last)})`, { cause: last });
    }
    await pause(PERIOD);
  }
}
