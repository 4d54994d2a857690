import { SOCKET_OPEN, type SocketLike } from '../connection/socket.ts';
import { watchVisibility } from '../connection/wake.ts';
import type { Candidate } from './candidate.ts';
import { hold, type Locks } from './locks.ts';
import type { Frame, LeaderMessage, TabId, TabMessage } from './messages.ts';

/** Milliseconds that the leader has for a first answer; a tab that is frozen gives none. */
const ANSWER_MS = 5_000;
const SOCKET_CLOSED = 3;
/** The server goes on, and so does the session: another tab has it now. */
const HANDED_OVER = { type: 'disconnect', reason: 'going_away', code: 1001, retryAfterMs: 0 } as const;

/** The socket as one tab has it: what it sends goes through the tab that leads. */
export class TabSocket implements SocketLike {
  binaryType = 'arraybuffer';
  readyState = 0;
  readonly bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;

  readonly #id: TabId = crypto.randomUUID();
  readonly #channel: BroadcastChannel;
  readonly #candidate: Candidate;
  /** Ends that nobody of this tab waits for a connection. */
  readonly #rests: (() => void)[];
  /** Tells whoever leads that this tab has gone. */
  readonly #vanish: () => void;
  #isHeld = false;
  #leader: string | undefined;
  #unanswered: ReturnType<typeof setTimeout> | undefined;

  constructor(locks: Locks, name: string, candidate: Candidate) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<LeaderMessage | TabMessage>) => this.#receive(data);
    this.#candidate = candidate;
    this.#vanish = hold(locks, tabLock(name, this.#id), () => {
      this.#isHeld = true;
      this.#attach();
    });
    this.#rests = [
      candidate.stand(),
      watchVisibility(() => document.visibilityState === 'visible' && this.#say({ type: 'looked' })),
    ];
  }

  send(frame: Frame): void {
    this.#say({ type: 'frame', frame });
  }

  close(code?: number): void {
    if (this.readyState !== SOCKET_CLOSED) {
      this.#say({ type: 'detach', code });
      this.#rest();
      // Whoever leads is to hear of it before it sees that this tab has gone, and answers.
      if (this.#leader === undefined) {
        this.#free();
      }
    }
  }

  #attach(): void {
    if (!this.#isHeld || this.readyState === SOCKET_CLOSED) {
      return;
    }
    this.#say({ type: 'attach' });
    clearTimeout(this.#unanswered);
    this.#unanswered = setTimeout(() => this.#candidate.takeOver(), ANSWER_MS);
  }

  #say(message: TabMessage extends infer M ? (M extends { from: TabId } ? Omit<M, 'from'> : never) : never) {
    this.#channel.postMessage({ ...message, from: this.#id });
  }

  #receive(message: LeaderMessage | TabMessage): void {
    if ('from' in message) {
      return;
    }
    if (this.readyState === SOCKET_CLOSED) {
      if (message.type === 'lead' || (message.type === 'closed' && message.to.includes(this.#id))) {
        this.#free();
      }
    } else if (message.type === 'lead') {
      this.#changed();
    } else if (message.to.includes(this.#id)) {
      this.#heard(message);
    }
  }

  /** Another tab leads: what this one had is gone with the connection of the last. */
  #changed(): void {
    if (this.#leader === undefined) {
      this.#attach();
    } else {
      this.#emit(this.onmessage, { data: JSON.stringify(HANDED_OVER) });
      this.#end(HANDED_OVER.code);
    }
  }

  #heard(message: Exclude<LeaderMessage, { type: 'lead' }>): void {
    clearTimeout(this.#unanswered);
    this.#leader ??= message.leader;
    if (this.#leader !== message.leader) {
      return;
    }
    if (message.type === 'open') {
      this.readyState = SOCKET_OPEN;
      this.#emit(this.onopen, {});
    } else if (message.type === 'frame') {
      const { frame } = message;
      this.#emit(this.onmessage, { data: typeof frame === 'string' ? frame : frame.slice().buffer });
    } else if (message.type === 'closed') {
      this.#end(message.code);
    }
  }

  #end(code: number): void {
    this.#rest();
    this.#free();
    this.#emit(this.onclose, { code });
  }

  #rest(): void {
    this.readyState = SOCKET_CLOSED;
    clearTimeout(this.#unanswered);
    for (const rest of this.#rests.splice(0)) {
      rest();
    }
  }

  #free(): void {
    this.#vanish();
    this.#channel.close();
  }

  #emit(listener: ((event: never) => void) | null, event: object): void {
    listener?.(event as never);
  }
}

/** The lock that one tab holds for as long as it is there. */
export function tabLock(name: string, id: TabId): string {
  return `${name}:tab:${id}`;
}
