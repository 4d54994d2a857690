/** What is used of a WebSocket. The browser's, Node's and that of the package `ws` all fit. */
export interface SocketLike {
  binaryType: string;
  /** The subprotocol that the server chose; empty when it chose none. */
  readonly protocol?: string;
  /** 1 while frames can be sent. */
  readonly readyState: number;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** Makes a WebSocket and starts to connect it. */
export type SocketConstructor = new (url: string, protocols?: string[]) => SocketLike;

/** The `readyState` of a socket that frames can be sent on. */
export const SOCKET_OPEN = 1;
