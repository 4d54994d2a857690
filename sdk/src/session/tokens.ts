import type { TokenSource } from '../token.ts';

/** Milliseconds before its end at which the server tells of it; less is left of a token that never lived longer. */
const NOTICE_MS = 55_000;
/** Milliseconds until a token is replaced at the earliest, so that one that is old already is not asked for in a loop. */
const SOONEST_MS = 1_000;

/** Keeps the session's token fresh. */
export interface Tokens {
  /** The token to join with. */
  current(): string | undefined;
  /** Is there one token, which nothing here can replace? */
  isFixed(): boolean;
  /** Fetches a token for the next join; rejects with what the source throws. */
  fetch(): Promise<void>;
  /** Brings `fresh`, or else a token that it fetches, to the server on the open connection; rejects as `fetch` does. */
  refresh(fresh?: string): Promise<void>;
  /** The server said when the token expires: a fresh one is brought before that. */
  expiring(expiresAt: string): void;
  /** The connection is gone. */
  down(): void;
}

/** `authenticate` brings a token to the server, if the session has joined. */
export function createTokens(source: TokenSource | undefined, authenticate: (token: string) => void): Tokens {
  let token = typeof source === 'function' ? undefined : source;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function fetch(): Promise<void> {
    if (typeof source === 'function') {
      token = await source();
    }
  }

  async function refresh(fresh?: string): Promise<void> {
    if (fresh === undefined) {
      await fetch();
    } else {
      token = fresh;
    }
    if (token !== undefined) {
      authenticate(token);
    }
  }

  async function replace(): Promise<void> {
    const old = token;
    await fetch();
    if (token !== undefined && token !== old) {
      authenticate(token);
    }
  }

  return {
    current: () => token,
    isFixed: () => token !== undefined && typeof source !== 'function',
    fetch,
    refresh,
    expiring(expiresAt) {
      const left = Date.parse(expiresAt) - Date.now();
      const delay = Math.max(SOONEST_MS, left < NOTICE_MS ? left / 2 : 0);
      clearTimeout(timer);
      // If there is no fresh token, the server ends the connection in time, and the next try reports why.
      timer = setTimeout(() => replace().catch(() => {}), delay);
    },
    down: () => clearTimeout(timer),
  };
}
