import type { DocumentsLink, DocumentsService } from '../extension.ts';
import type { SharedDocument } from './document.ts';
import { decodeDocumentFrame } from './messages.ts';
import type { OfflineStore } from './offline.ts';
import { createShared, type Shared } from './shared.ts';

/** A document, and how many use it. */
interface Entry {
  readonly shared: Shared;
  uses: number;
}

/** The documents of one project: each is there once, however often it is opened. */
export function createDocuments(
  link: DocumentsLink,
  store: OfflineStore | undefined,
): DocumentsService<SharedDocument> {
  const entries = new Map<string, Entry>();

  function entryOf(id: string): Entry {
    const known = entries.get(id);
    if (known) {
      return known;
    }
    const entry: Entry = { shared: createShared(id, link, store), uses: 0 };
    entries.set(id, entry);
    return entry;
  }

  function released(id: string, entry: Entry): void {
    entry.uses -= 1;
    // A component that is taken out and put back at once, as React does to test it, keeps its document.
    queueMicrotask(() => {
      if (entry.uses === 0 && entries.get(id) === entry) {
        entries.delete(id);
        entry.shared.close();
      }
    });
  }

  function each(act: (shared: Shared) => void): void {
    for (const { shared } of entries.values()) {
      act(shared);
    }
  }

  return {
    open(id) {
      const entry = entryOf(id);
      entry.uses += 1;
      return createUse(id, entry.shared, () => released(id, entry));
    },
    online: () => each((shared) => shared.online()),
    offline: () => each((shared) => shared.offline()),
    received(frame) {
      const { id, message } = decodeDocumentFrame(frame);
      entries.get(id)?.shared.received(message);
    },
    close() {
      each((shared) => shared.close());
      entries.clear();
    },
  };
}

/** One use of a document; `release` is called when it is closed, once. */
function createUse(id: string, shared: Shared, release: () => void): SharedDocument {
  let isReleased = false;
  return {
    id,
    doc: shared.doc,
    awareness: shared.awareness,
    getSnapshot: shared.get,
    subscribe: shared.subscribe,
    get status() {
      return shared.get().status;
    },
    get saved() {
      return shared.get().saved;
    },
    get readOnly() {
      return shared.get().readOnly;
    },
    get end() {
      return shared.get().end;
    },
    close() {
      if (!isReleased) {
        isReleased = true;
        release();
      }
    },
  };
}
