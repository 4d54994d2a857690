import type { SocketConstructor } from '../connection/socket.ts';
import { type Candidate, createCandidate } from './candidate.ts';
import { createHub } from './hub.ts';
import type { Locks } from './locks.ts';
import { TabSocket } from './tab-socket.ts';

export interface SharedSocketOptions {
  /** The WebSocket that the one tab connects with; `globalThis.WebSocket` without it. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** The browser's Web Locks, or what does the same; `navigator.locks` without it. */
  readonly locks?: Locks | undefined;
}

/**
 * A WebSocket for `connect` that all tabs of a browser share in which the user `userId` is in the same project. Where
 * the browser cannot do that, it is a socket for each tab.
 *
 * @throws TypeError when there is no WebSocket to use.
 */
export function sharedSocket(userId: string, options: SharedSocketOptions = {}): SocketConstructor {
  const { WebSocket: Socket = globalThis.WebSocket } = options;
  const locks = options.locks ?? globalLocks();
  if (Socket === undefined) {
    throw new TypeError('there is no global WebSocket here: pass one as the option WebSocket');
  }
  if (!locks || typeof BroadcastChannel === 'undefined') {
    return Socket;
  }
  return tabSocketOf(userId, locks, Socket);
}

function tabSocketOf(userId: string, locks: Locks, Socket: SocketConstructor): SocketConstructor {
  const candidates = new Map<string, Candidate>();
  return class extends TabSocket {
    constructor(url: string, protocols: string[] = []) {
      const name = JSON.stringify(['collabd', userId, url, ...protocols]);
      const candidate =
        candidates.get(name) ??
        createCandidate(locks, name, (finished) =>
          createHub(locks, name, () => new Socket(url, protocols), finished),
        );
      candidates.set(name, candidate);
      super(locks, name, candidate);
    }
  };
}

function globalLocks(): Locks | undefined {
  // Only in secure contexts, and not in Node 20.
  return typeof navigator === 'undefined' ? undefined : (navigator.locks as Locks | undefined);
}
