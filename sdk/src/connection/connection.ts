import type { ServerMessageOf } from '../protocol/index.ts';
import { createStore, type Store } from '../store.ts';
import { endOfClose } from './closes.ts';
import { type Liveness, watchLiveness } from './liveness.ts';
import { createRetries } from './retries.ts';
import { SOCKET_OPEN, type SocketConstructor, type SocketLike } from './socket.ts';
import type { ConnectionEnd, ConnectionState } from './state.ts';
import { watchWake } from './wake.ts';

/** Milliseconds from the begin of a try to the join; the server's own limit. */
const JOIN_MS = 15_000;
/** Bytes that may wait in a socket before it counts as congested: some seconds of a bad mobile network. */
const CONGESTED_BYTES = 65_536;

export interface ConnectionOptions {
  readonly url: string;
  /** The subprotocols to offer, the best first. */
  readonly protocols: readonly string[];
  readonly WebSocket: SocketConstructor;
}

/** What the connection tells the session. Nothing is ever told about a socket that was replaced. */
export interface ConnectionHandlers {
  /** Called before each try, which fails if this rejects. */
  prepare(): Promise<void>;
  /** Would another try end as this one did, though the protocol says to come back? */
  isFinal(end: ConnectionEnd): boolean;
  /** The socket is open, and the server chose `protocol`: join. */
  opened(protocol: string | undefined): void;
  /** A text frame arrived. A frame that makes this throw ends the connection, and the next one resynchronises. */
  text(frame: string): void;
  /** A binary frame arrived; the same holds. */
  binary(frame: Uint8Array): void;
  /** Ask the server for any answer. */
  ping(): void;
  /** The try is over, whether or not its socket was ever open. */
  down(): void;
}

/** A socket that comes back by itself. */
export interface Connection extends Pick<Store<ConnectionState>, 'get' | 'subscribe'> {
  /** Tries now, unless a try is under way or the session is online. */
  start(): void;
  /** Sends a frame. False when there is no open socket: nothing is kept for later. */
  send(frame: string | Uint8Array<ArrayBuffer>): boolean;
  /** Do earlier frames still wait to leave? */
  isCongested(): boolean;
  /** The session has joined. */
  joined(): void;
  /** The server said that it will close, why, and when to come back. */
  announced(farewell: Farewell): void;
  /** Ends this try and does what the protocol says about `end`. */
  fail(end: ConnectionEnd, retryAfterMs?: number): void;
  /** Ends the connection on the user's behalf; no try follows. */
  end(phase: 'left' | 'closed'): void;
}

/** What the server says before it closes. */
type Farewell = Pick<ServerMessageOf<'disconnect'>, 'code' | 'retryAfterMs' | 'limit'>;

/** One try to connect, and the connection it became. */
interface Try {
  socket?: SocketLike;
  liveness?: Liveness;
  joinTimer?: ReturnType<typeof setTimeout>;
  farewell?: Farewell;
}

export function createConnection(options: ConnectionOptions, handlers: ConnectionHandlers): Connection {
  const state = createStore<ConnectionState>({ phase: 'connecting', tries: 0 });
  const retries = createRetries();
  /** The only try whose events count: those of any other one are late. */
  let current: Try | undefined;
  let waiting: { timer: ReturnType<typeof setTimeout>; mayBeCut: boolean } | undefined;
  let unwatch: (() => void) | undefined;

  function begin(): void {
    stopWaiting();
    unwatch ??= watchWake(wake);
    const mine: Try = {};
    current = mine;
    state.set({ phase: 'connecting', tries: retries.count() });
    const ifCurrent = (act: () => void): void => (current === mine ? act() : undefined);
    handlers.prepare().then(
      () => ifCurrent(() => open(mine)),
      (error: unknown) => ifCurrent(() => fail({ kind: 'token', error })),
    );
  }

  function open(mine: Try): void {
    const socket = construct();
    if (!socket) {
      fail({ kind: 'lost' });
      return;
    }
    const ifCurrent =
      <E>(handle: (event: E) => void) =>
      (event: E): void =>
        current === mine ? handle(event) : undefined;
    mine.socket = socket;
    mine.joinTimer = setTimeout(() => fail({ kind: 'silent' }), JOIN_MS);
    socket.binaryType = 'arraybuffer';
    socket.onopen = ifCurrent(() => {
      mine.liveness = watchLiveness(handlers.ping, () => fail({ kind: 'silent' }));
      handlers.opened(socket.protocol);
    });
    socket.onmessage = ifCurrent(({ data }: { data: string | ArrayBuffer }) => receive(mine, data));
    socket.onclose = ifCurrent(({ code }: { code: number }) => fail(endOfClose(code)));
    // A close follows every error.
    socket.onerror = () => {};
  }

  function construct(): SocketLike | undefined {
    try {
      return new options.WebSocket(options.url, [...options.protocols]);
    } catch {
      // The page's policy forbids the address, or the machine has no more sockets.
      return undefined;
    }
  }

  function receive(mine: Try, data: string | ArrayBuffer): void {
    mine.liveness?.heard();
    try {
      if (typeof data === 'string') {
        handlers.text(data);
      } else {
        handlers.binary(new Uint8Array(data));
      }
    } catch {
      fail({ kind: 'lost' });
    }
  }

  function fail(reported: ConnectionEnd, retryAfterMs?: number): void {
    const farewell = current?.farewell;
    drop();
    const end = explained(reported, farewell);
    const told = retryAfterMs ?? farewell?.retryAfterMs;
    const delay = handlers.isFinal(end) ? undefined : retries.next(end, told);
    if (delay === undefined) {
      rest({ phase: 'stopped', end });
      return;
    }
    waiting = { timer: setTimeout(begin, delay), mayBeCut: told === undefined };
    state.set({ phase: 'waiting', tries: retries.count(), retryAt: Date.now() + delay, end });
  }

  function drop(code?: number): void {
    const gone = current;
    current = undefined;
    retries.down();
    gone?.liveness?.stop();
    clearTimeout(gone?.joinTimer);
    gone?.socket?.close(code);
    if (gone) {
      handlers.down();
    }
  }

  function rest(final: ConnectionState): void {
    stopWaiting();
    unwatch?.();
    unwatch = undefined;
    state.set(final);
  }

  function stopWaiting(): void {
    clearTimeout(waiting?.timer);
    waiting = undefined;
  }

  function wake(): void {
    if (waiting?.mayBeCut) {
      begin();
    }
    current?.liveness?.probe();
  }

  return {
    get: state.get,
    subscribe: state.subscribe,
    start() {
      if (!current && state.get().phase !== 'closed') {
        retries.reset();
        begin();
      }
    },
    send(frame) {
      const socket = current?.socket;
      if (socket?.readyState !== SOCKET_OPEN) {
        return false;
      }
      socket.send(frame);
      return true;
    },
    isCongested: () => (current?.socket?.bufferedAmount ?? 0) > CONGESTED_BYTES,
    joined() {
      clearTimeout(current?.joinTimer);
      retries.joined();
      state.set({ phase: 'online' });
    },
    announced(farewell) {
      if (current) {
        current.farewell = farewell;
      }
    },
    fail,
    end(phase) {
      drop(1000);
      rest({ phase });
    },
  };
}

/** The end with what the server said of it, whether or not its close frame arrived. */
function explained(end: ConnectionEnd, farewell: Farewell | undefined): ConnectionEnd {
  const said = end.kind === 'lost' && farewell ? endOfClose(farewell.code) : end;
  return said.kind === 'closed' && farewell?.limit ? { ...said, limit: farewell.limit } : said;
}
