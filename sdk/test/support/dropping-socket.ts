import { WebSocket } from 'ws';

/** A WebSocket constructor whose sockets can be cut, as a bad network does. */
export interface DroppingSockets {
  readonly Socket: new (url: string, protocols?: string[]) => WebSocket;
  /** Ends every open socket without a word. */
  drop(): void;
}

export function droppingSockets(): DroppingSockets {
  const open = new Set<WebSocket>();
  class Socket extends WebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      open.add(this);
      this.once('close', () => open.delete(this));
    }
  }
  return {
    Socket,
    drop() {
      for (const socket of open) {
        socket.terminate();
      }
    },
  };
}
