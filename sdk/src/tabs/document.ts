import {
  type DocumentMessage,
  encodeAwarenessQuery,
  encodeDepartures,
  encodeDocumentFrame,
  encodeSaved,
  readEditors,
} from './document-frames.ts';
import type { TabId } from './messages.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The state vector of a document that holds nothing. */
const NOTHING: Bytes = new Uint8Array([0]);

/** One document that several tabs have open, and that the server knows once. */
export interface SharedDocument {
  sent(tab: TabId, message: DocumentMessage, frame: Bytes): void;
  received(message: DocumentMessage, frame: Bytes): void;
  gone(tab: TabId): void;
  /** Has no tab it open? */
  isClosed(): boolean;
}

export function createSharedDocument(
  id: string,
  send: (frame: Bytes) => void,
  relay: (to: readonly TabId[], frame: Bytes) => void,
): SharedDocument {
  /** The tabs, and how many of what each has sent is on disk. */
  const tabs = new Map<TabId, number>();
  /** Who sent each `step2` and `update` of this connection that is not on disk. */
  const unsaved: TabId[] = [];
  /** How many were before those. */
  let savedCount = 0;
  /** Who waits for a `step2`: the server answers in the order of asking. */
  const asking: TabId[] = [];
  /** Which tab announces each editor, and its clock. */
  const editors = new Map<number, { tab: TabId; clock: number }>();
  /** Has the server asked for what is here, as it asks those who may write? */
  let isAsked = false;

  const everybody = (): TabId[] => [...tabs.keys()];
  const othersThan = (tab: TabId): TabId[] => everybody().filter((one) => one !== tab);

  function ask(tab: TabId, frame: Bytes): void {
    const isLater = tabs.size > 0 && !tabs.has(tab);
    tabs.set(tab, tabs.get(tab) ?? 0);
    asking.push(tab);
    if (isLater && isAsked) {
      // The server has asked already; for this tab it is asked again, before the answer.
      relay([tab], encodeDocumentFrame(id, { type: 'step1', stateVector: NOTHING }));
    }
    send(frame);
    if (isLater) {
      send(encodeAwarenessQuery(id));
    }
  }

  function edit(tab: TabId, update: Uint8Array, frame: Bytes): void {
    if (tabs.has(tab)) {
      unsaved.push(tab);
      send(frame);
      // The server tells everybody but this connection.
      if (isAsked) {
        relay(othersThan(tab), encodeDocumentFrame(id, { type: 'update', update }));
      }
    }
  }

  function confirm(count: number): void {
    const confirmed = unsaved.splice(0, count - savedCount);
    savedCount += confirmed.length;
    for (const tab of confirmed) {
      tabs.set(tab, (tabs.get(tab) ?? 0) + 1);
    }
    for (const tab of new Set(confirmed)) {
      relay([tab], encodeSaved(id, tabs.get(tab) ?? 0));
    }
  }

  function announce(tab: TabId, update: Uint8Array, frame: Bytes): void {
    for (const { client, clock } of readEditors(update)) {
      editors.set(client, { tab, clock });
    }
    send(frame);
  }

  function remove(tab: TabId): void {
    if (!tabs.delete(tab)) {
      return;
    }
    const left = [...editors].filter(([, editor]) => editor.tab === tab);
    for (const [client] of left) {
      editors.delete(client);
    }
    if (left.length > 0) {
      const ends = left.map(([client, { clock }]) => ({ client, clock: clock + 1 }));
      send(encodeDocumentFrame(id, { type: 'awareness', update: encodeDepartures(ends) }));
    }
    if (tabs.size === 0) {
      send(encodeDocumentFrame(id, { type: 'close' }));
    }
  }

  return {
    sent(tab, message, frame) {
      switch (message.type) {
        case 'step1':
          ask(tab, frame);
          break;
        case 'step2':
        case 'update':
          edit(tab, message.update, frame);
          break;
        case 'awareness':
          announce(tab, message.update, frame);
          break;
        case 'close':
          remove(tab);
          break;
        default:
      }
    },
    received(message, frame) {
      if (message.type === 'saved') {
        confirm(message.count);
        return;
      }
      isAsked = message.type === 'step1' || (isAsked && message.type !== 'denied');
      const asker = message.type === 'step2' ? asking.shift() : undefined;
      relay(asker === undefined ? everybody() : [asker].filter((tab) => tabs.has(tab)), frame);
      if (message.type === 'close') {
        tabs.clear();
      }
    },
    gone: remove,
    isClosed: () => tabs.size === 0,
  };
}
