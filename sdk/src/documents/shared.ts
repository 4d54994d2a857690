import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { endOfClose } from '../connection/closes.ts';
import { createRetries } from '../connection/retries.ts';
import type { ConnectionEnd } from '../connection/state.ts';
import type { DocumentsLink } from '../extension.ts';
import { createThrottle } from '../session/throttle.ts';
import { createStore, type Store } from '../store.ts';
import type { DocumentSnapshot } from './document.ts';
import { type ClientDocumentMessage, type DocumentMessage, encodeDocumentFrame } from './messages.ts';
import type { OfflineStore } from './offline.ts';
import { createEditorPresence } from './presence.ts';
import { createSync } from './sync.ts';

/** Milliseconds between two announcements of one's place in a document. */
const ANNOUNCE_MS = 50;

const UNTOUCHED: DocumentSnapshot = { status: 'loading', saved: 'saved', readOnly: false, end: undefined };

/** One document of a project, whoever uses it. */
export interface Shared extends Pick<Store<DocumentSnapshot>, 'get' | 'subscribe'> {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** The session has joined. */
  online(): void;
  /** The session is not joined any more. */
  offline(): void;
  received(message: DocumentMessage): void;
  /** Sends what waits, lets the document go and frees everything. */
  close(): void;
}

export function createShared(id: string, link: DocumentsLink, store: OfflineStore | undefined): Shared {
  const doc = new Y.Doc({ guid: id });
  const snapshot = createStore(UNTOUCHED);
  const retries = createRetries();
  const sync = createSync(doc, send, refresh);
  const announcing = createThrottle(ANNOUNCE_MS, announce);
  const editors = createEditorPresence(doc, announcing.request);
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let isLoaded = false;
  let isClosed = false;
  let end: ConnectionEnd | undefined;

  function send(message: ClientDocumentMessage): boolean {
    return link.send(encodeDocumentFrame(id, message));
  }

  function announce(): boolean {
    const update = editors.announcement();
    if (update && !isClosed) {
      send({ type: 'awareness', update });
    }
    return true;
  }

  function refresh(): void {
    const known = snapshot.get();
    const next = { status: status(), saved: sync.saved(), readOnly: sync.isReadOnly(), end };
    if (
      next.status !== known.status ||
      next.saved !== known.saved ||
      next.readOnly !== known.readOnly ||
      next.end !== known.end
    ) {
      snapshot.set(next);
    }
  }

  function status(): DocumentSnapshot['status'] {
    if (isClosed) {
      return 'closed';
    }
    if (sync.isSynced()) {
      return 'synced';
    }
    return isLoaded ? 'offline' : 'loading';
  }

  function loaded(): void {
    isLoaded = true;
    refresh();
  }

  function online(): void {
    if (!isClosed) {
      sync.online();
      editors.identify(link.identity());
      announcing.request();
    }
  }

  function offline(): void {
    clearTimeout(reopening);
    retries.down();
    announcing.cancel();
    sync.offline();
    editors.forgetOthers();
  }

  /** The server closed this document and keeps the connection. */
  function closedByServer(code: number): void {
    offline();
    const cause = endOfClose(code);
    const delay = retries.next(cause, undefined);
    if (delay === undefined) {
      isClosed = true;
      end = cause;
      refresh();
    } else {
      reopening = setTimeout(online, delay);
    }
  }

  function received(message: DocumentMessage): void {
    if (message.type === 'close') {
      closedByServer(message.code ?? 1005);
    } else if (message.type === 'awareness') {
      editors.received(message.update);
    } else {
      sync.received(message);
    }
    if (message.type === 'step2') {
      retries.joined();
      loaded();
    }
  }

  // Last, for a store may change the document at once.
  const copy = store?.(`collabd:${link.url}:${link.projectId}:${link.userId}:${id}`, doc);
  copy?.loaded.then(loaded, () => {});
  editors.identify(link.identity());
  if (link.isOnline()) {
    online();
  }
  return {
    doc,
    awareness: editors.awareness,
    get: snapshot.get,
    subscribe: snapshot.subscribe,
    online,
    offline,
    received: (message) => (isClosed ? undefined : received(message)),
    close() {
      if (!isClosed) {
        sync.flush();
        editors.leave();
        announce();
        send({ type: 'close' });
        isClosed = true;
      }
      // This announces the departure once more, to nobody: before the timers are cleared.
      editors.awareness.destroy();
      offline();
      copy?.close();
      doc.destroy();
    },
  };
}
