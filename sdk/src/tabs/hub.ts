import { SOCKET_OPEN, type SocketLike } from '../connection/socket.ts';
import { codecOf, JSON_CODEC } from '../protocol/codec.ts';
import { decodeFrame } from '../protocol/frames.ts';
import type { Lead } from './candidate.ts';
import { createSharedDocuments } from './documents.ts';
import { type Locks, watch } from './locks.ts';
import type { Frame, LeaderMessage, TabId, TabMessage } from './messages.ts';
import { createSharedSession } from './session.ts';
import { tabLock } from './tab-socket.ts';

/** What a socket reports that ended without a close frame. */
const LOST = 1006;
/** Ends a connection whose session another tab takes over: the server keeps that for the time of grace. */
const HANDED_OVER = 3000;

type ToTabs =
  Exclude<LeaderMessage, { type: 'lead' }> extends infer M
    ? M extends { leader: string }
      ? Omit<M, 'leader'>
      : never
    : never;

/**
 * One connection for all tabs. Ends by itself with the last of them, and `finished` is called. Whatever is spoken with the
 * server, tabs speak JSON: numbers of the compact form would mean nothing to a tab that was not there when they were given.
 */
export function createHub(locks: Locks, name: string, connect: () => SocketLike, finished: () => void): Lead {
  const leader: string = crypto.randomUUID();
  const channel = new BroadcastChannel(name);
  /** The tabs, and how each is watched no more. */
  const tabs = new Map<TabId, () => void>();
  const socket = connect();
  const relay = (to: readonly TabId[], frame: Frame): void => tell({ type: 'frame', to, frame });
  const session = createSharedSession((message) => transmit(codec.encode(message)), relay);
  const documents = createSharedDocuments(transmit, relay);
  let codec = JSON_CODEC;
  let isOver = false;

  function transmit(frame: Frame): void {
    if (socket.readyState === SOCKET_OPEN) {
      socket.send(frame);
    }
  }

  function tell(message: ToTabs): void {
    if (!isOver && message.to.length > 0) {
      channel.postMessage({ ...message, leader });
    }
  }

  function attach(id: TabId): void {
    if (!tabs.has(id)) {
      const unwatch = watch(locks, tabLock(name, id), () => detach(id, LOST));
      tabs.set(id, unwatch);
      tell({ type: 'welcome', to: [id] });
      if (socket.readyState === SOCKET_OPEN) {
        tell({ type: 'open', to: [id] });
      }
    }
  }

  function detach(id: TabId, code: number | undefined): void {
    tabs.get(id)?.();
    if (!tabs.delete(id)) {
      return;
    }
    tell({ type: 'closed', to: [id], code: code ?? LOST });
    if (code === undefined || tabs.size === 0) {
      // A tab that finds fault with the connection finds it for all.
      over(code === LOST ? HANDED_OVER : code);
    } else {
      session.gone(id);
      documents.gone(id);
    }
  }

  /** The connection ends, or has ended: whoever comes back begins another one. */
  function over(code: number | undefined, told = LOST): void {
    if (!isOver) {
      tell({ type: 'closed', to: [...tabs.keys()], code: told });
      isOver = true;
      for (const unwatch of tabs.values()) {
        unwatch();
      }
      channel.close();
      socket.close(code);
      finished();
    }
  }

  function heard(message: TabMessage): void {
    if (message.type === 'attach') {
      attach(message.from);
    } else if (message.type === 'detach') {
      detach(message.from, message.code);
    } else if (!tabs.has(message.from)) {
      return;
    } else if (message.type === 'looked') {
      session.looked(message.from);
    } else if (typeof message.frame === 'string') {
      session.sent(message.from, message.frame);
    } else {
      documents.sent(message.from, message.frame);
    }
  }

  function received(data: string | ArrayBuffer): void {
    if (typeof data === 'string') {
      session.received(decodeFrame(data));
      return;
    }
    const frame = new Uint8Array(data);
    const messages = codec.decodeBinary(frame);
    if (messages) {
      session.received(messages);
    } else {
      documents.received(frame);
    }
  }

  channel.onmessage = ({ data }: MessageEvent<TabMessage | LeaderMessage>) => {
    if ('from' in data && !isOver) {
      heard(data);
    }
  };
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    codec = codecOf(socket.protocol);
    tell({ type: 'open', to: [...tabs.keys()] });
  };
  socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => received(data);
  socket.onclose = ({ code }: { code: number }) => over(undefined, code);
  // A close follows every error.
  socket.onerror = () => {};
  channel.postMessage({ type: 'lead', leader });
  return { end: () => over(HANDED_OVER) };
}
