import type { CLOSE_CODES, LimitHit, WireError } from '../protocol/index.ts';

/** The names of the protocol's close codes; `unknown` for a code that is not among them. */
export type CloseName = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES]['name'] | 'unknown';

/** Why a connection ended. */
export type ConnectionEnd =
  /** The server closed it, with this code of the protocol, because of `limit` if it was one. */
  | {
      readonly kind: 'closed';
      readonly code: number;
      readonly name: CloseName;
      readonly limit?: LimitHit;
    }
  /** It ended without a word, or could not be opened. */
  | { readonly kind: 'lost' }
  /** The server did not answer in time. */
  | { readonly kind: 'silent' }
  /** The server did not let the session in. */
  | { readonly kind: 'refused'; readonly error: WireError }
  /** The token callback threw `error`. */
  | { readonly kind: 'token'; readonly error: unknown };

/** How the connection is. */
export type ConnectionState =
  /** A try is under way: the first one, or one after `tries` that failed. */
  | { readonly phase: 'connecting'; readonly tries: number }
  /** The session has joined. */
  | { readonly phase: 'online' }
  /** The next try comes at `retryAt` (milliseconds since 1970), or sooner when the network or the tab wakes up. */
  | {
      readonly phase: 'waiting';
      readonly tries: number;
      readonly retryAt: number;
      readonly end: ConnectionEnd;
    }
  /** The end is final, such as `forbidden`: tell the person. `join` tries again. */
  | { readonly phase: 'stopped'; readonly end: ConnectionEnd }
  /** `leave` was called; `join` comes back. */
  | { readonly phase: 'left' }
  /** `close` was called. */
  | { readonly phase: 'closed' };
