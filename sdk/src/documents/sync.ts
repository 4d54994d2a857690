import * as Y from 'yjs';
import { report } from '../listeners.ts';
import { createThrottle } from '../session/throttle.ts';
import type { SavedState } from './document.ts';
import { createLedger } from './ledger.ts';
import type { ClientDocumentMessage, DocumentMessage } from './messages.ts';

/** Milliseconds between two updates: the edits of that time go out together. The first one after a pause goes at once. */
const UPDATE_MS = 50;
/**
 * Bytes above which an update goes as `step2`: the server takes 1 MiB of an update, and eight times that of one who
 * brings what was edited elsewhere.
 */
const LARGE_BYTES = 1_000_000;

/** Keeps one document equal to the server's. */
export interface Sync {
  isSynced(): boolean;
  isReadOnly(): boolean;
  saved(): SavedState;
  /** The session has joined: opens the document there. */
  online(): void;
  /** The document is not open there any more. */
  offline(): void;
  received(message: DocumentMessage): void;
  /** Sends at once what waits. */
  flush(): void;
}

/** `send` returns false when there is no connection; `changed` is called when any of the answers may be another one. */
export function createSync(
  doc: Y.Doc,
  send: (message: ClientDocumentMessage) => boolean,
  changed: () => void,
): Sync {
  const ledger = createLedger();
  /** The origin of the server's changes, which tells them from those made here. */
  const server = { server: true };
  let unsent: Uint8Array[] = [];
  let isSynced = false;
  let isReadOnly = false;
  /** Has the server asked for what is here? It asks editors, not readers, before it says what it has. */
  let isAsked = false;
  const throttle = createThrottle(UPDATE_MS, flush);

  function edited(update: Uint8Array, origin: unknown): void {
    if (origin === server) {
      return;
    }
    ledger.changed();
    // Until the server asks, what is edited goes with the answer.
    if (isAsked && !isReadOnly) {
      unsent.push(update);
      throttle.request();
    }
    changed();
  }

  function flush(): boolean {
    if (unsent.length > 0) {
      const update = Y.mergeUpdates(unsent);
      unsent = [];
      if (send({ type: update.length > LARGE_BYTES ? 'step2' : 'update', update })) {
        ledger.sent();
      }
    }
    return true;
  }

  function setReadOnly(value: boolean): void {
    isReadOnly = value;
    ledger.setReadOnly(value);
    if (value) {
      unsent = [];
    }
  }

  function answer(stateVector: Uint8Array): void {
    setReadOnly(false);
    unsent = [];
    if (send({ type: 'step2', update: Y.encodeStateAsUpdate(doc, stateVector) })) {
      ledger.sent();
      ledger.sentAll();
      isAsked = true;
    }
  }

  function apply(update: Uint8Array): void {
    try {
      Y.applyUpdate(doc, update, server);
    } catch (error) {
      // Thrown by an observer of the document, after the change was made.
      report(error);
    }
  }

  function received(message: DocumentMessage): void {
    switch (message.type) {
      case 'step1':
        answer(message.stateVector);
        break;
      case 'step2':
        apply(message.update);
        isSynced = true;
        setReadOnly(!isAsked);
        break;
      case 'update':
        apply(message.update);
        return;
      case 'denied':
        setReadOnly(true);
        break;
      case 'saved':
        ledger.confirmed(message.count);
        break;
      default:
        return;
    }
    changed();
  }

  doc.on('update', edited);
  return {
    isSynced: () => isSynced,
    isReadOnly: () => isReadOnly,
    saved: ledger.state,
    online() {
      ledger.online();
      isAsked = false;
      send({ type: 'step1', stateVector: Y.encodeStateVector(doc) });
      changed();
    },
    offline() {
      ledger.offline();
      throttle.cancel();
      unsent = [];
      isAsked = false;
      isSynced = false;
      changed();
    },
    received,
    flush: () => void flush(),
  };
}
