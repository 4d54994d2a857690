import { backoffDelay } from './backoff.ts';
import { actionAfter } from './closes.ts';
import type { ConnectionEnd } from './state.ts';

/** Milliseconds a session must last before its end counts as the first trouble again. */
const HEALTHY_MS = 60_000;
/** Tries in a row after ends that are this client's own fault. */
const FEW_TRIES = 3;

/** When to come back. */
export interface Retries {
  /** Failed tries in a row. */
  count(): number;
  /** Milliseconds to wait after `end`, or undefined to stay away. `retryAfterMs` is the server's word and wins. */
  next(end: ConnectionEnd, retryAfterMs: number | undefined): number | undefined;
  /** The session has joined: once that has lasted, past failures are forgotten. */
  joined(): void;
  /** The connection is gone. */
  down(): void;
  /** Forgets all failures. */
  reset(): void;
}

export function createRetries(): Retries {
  let tries = 0;
  let faults = 0;
  let health: ReturnType<typeof setTimeout> | undefined;

  function reset(): void {
    tries = 0;
    faults = 0;
  }

  return {
    count: () => tries,
    next(end, retryAfterMs) {
      const action = actionAfter(end);
      faults += Number(action === 'few tries');
      if (action === 'stop' || faults > FEW_TRIES) {
        return undefined;
      }
      const delay = retryAfterMs ?? backoffDelay(tries);
      tries += 1;
      return delay;
    },
    joined() {
      health ??= setTimeout(reset, HEALTHY_MS);
    },
    down() {
      clearTimeout(health);
      health = undefined;
    },
    reset,
  };
}
