import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import {
  indexedDb,
  type OfflineStore,
  type SharedDocument,
  yjsDocuments,
} from '../../src/documents/index.ts';
import { connect } from '../../src/index.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { FAKE } from '../support/project.ts';
import { until } from '../support/until.ts';

beforeEach(() => {
  FakeSocket.reset();
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
});
afterEach(() => vi.unstubAllGlobals());

/** The document `notes` in a project that never gets a connection. */
function withoutServer(offline: OfflineStore, id = 'ada'): { document: SharedDocument; close(): void } {
  const project = connect({ ...FAKE, user: { id, name: id }, documents: yjsDocuments({ offline }) });
  return { document: project.document('notes'), close: project.close };
}

test('what was written without a connection is there again, and counts as not saved', async () => {
  const first = withoutServer(indexedDb());
  await until(first.document, ({ status }) => status === 'offline');
  first.document.doc.getText('t').insert(0, 'on this device');
  first.close();
  const second = withoutServer(indexedDb());
  await until(second.document, ({ saved }) => saved === 'offline');
  expect(second.document.doc.getText('t').toString()).toBe('on this device');
  second.close();
});

test('the copy belongs to the user: another one on this device does not see it', async () => {
  const first = withoutServer(indexedDb(), 'ada');
  await until(first.document, ({ status }) => status === 'offline');
  first.document.doc.getText('t').insert(0, 'private');
  first.close();
  const second = withoutServer(indexedDb(), 'bob');
  await until(second.document, ({ status }) => status === 'offline');
  expect(second.document.doc.getText('t').toString()).toBe('');
  second.close();
});

test('a store of one’s own is given the document and a name, and is closed with it', async () => {
  const seen: unknown[] = [];
  const store: OfflineStore = (name, doc) => {
    Y.applyUpdate(doc, stored('kept'), 'store');
    seen.push(name);
    return { loaded: Promise.resolve(), close: () => void seen.push('closed') };
  };
  const { document, close } = withoutServer(store);
  await until(document, ({ status }) => status === 'offline');
  expect(document.doc.getText('t').toString()).toBe('kept');
  close();
  expect(seen).toEqual(['collabd:ws://collab.test:1:ada:notes', 'closed']);
});

function stored(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}
