import type { SocketLike } from '../../src/connection/socket.ts';
import type { ClientMessage, ServerMessage } from '../../src/index.ts';

/** A WebSocket without a network: tests play the server. */
export class FakeSocket implements SocketLike {
  /** Every socket made since the last `reset`, oldest first. */
  static made: FakeSocket[] = [];

  /** The newest socket. */
  static get last(): FakeSocket {
    const socket = FakeSocket.made.at(-1);
    if (!socket) {
      throw new Error('no socket was made');
    }
    return socket;
  }

  static reset(): void {
    FakeSocket.made = [];
  }

  /** What the server chose of what was offered; a server that knows none of it chooses none. */
  protocol = '';
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  /** Text frames that the client sent. */
  readonly texts: string[] = [];
  /** Binary frames that the client sent. */
  readonly frames: Uint8Array[] = [];
  /** The code the client closed with; null when it gave none, undefined when it did not close. */
  closedWith: number | null | undefined;

  constructor(
    readonly url: string,
    readonly protocols: string[] = [],
  ) {
    FakeSocket.made.push(this);
  }

  /** Called with each binary frame that the client sends. */
  onframe: ((frame: Uint8Array) => void) | undefined;

  /** The client's messages. */
  get sent(): ClientMessage[] {
    return this.texts.map((text) => JSON.parse(text) as ClientMessage);
  }

  /** The client's messages of one type. */
  sentOf<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter(
      (message): message is Extract<ClientMessage, { type: T }> => message.type === type,
    );
  }

  send(frame: string | Uint8Array): void {
    if (typeof frame === 'string') {
      this.texts.push(frame);
    } else {
      this.frames.push(frame.slice());
      this.onframe?.(frame.slice());
    }
  }

  close(code?: number): void {
    this.closedWith ??= code ?? null;
    this.readyState = Math.max(this.readyState, 2);
  }

  /** The handshake is done. */
  open(): void {
    this.readyState = 1;
    this.onopen?.({} as never);
  }

  /** The server sends messages, in one frame. */
  say(...messages: ServerMessage[]): void {
    this.text(JSON.stringify(messages.length === 1 ? messages[0] : messages));
  }

  text(data: string): void {
    this.onmessage?.({ data } as never);
  }

  binary(frame: Uint8Array): void {
    this.onmessage?.({ data: frame.slice().buffer } as never);
  }

  /** The server closes, or with 1006 the connection breaks. */
  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code } as never);
  }
}
