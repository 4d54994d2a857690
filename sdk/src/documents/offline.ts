import type * as Y from 'yjs';

/** A copy of a document on this device. */
export interface OfflineCopy {
  /** Resolves once the document holds what the copy held. */
  readonly loaded: Promise<unknown>;
  /** Ends the copying; the copy stays. */
  close(): void;
}

/** Keeps a copy of `doc` under `name` from now on. */
export type OfflineStore = (name: string, doc: Y.Doc) => OfflineCopy;

/** Copies in the browser's IndexedDB, by the package `y-indexeddb`, which is loaded with the first document. */
export function indexedDb(): OfflineStore {
  return (name, doc) => {
    const opened = import('y-indexeddb').then(
      ({ IndexeddbPersistence }) => new IndexeddbPersistence(name, doc),
    );
    return {
      loaded: opened.then((copy) => copy.whenSynced),
      close: () => void opened.then((copy) => copy.destroy()),
    };
  };
}
