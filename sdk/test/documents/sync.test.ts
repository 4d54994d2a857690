import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DocumentServer } from '../support/document-server.ts';
import { type Editor, editor } from '../support/documents.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { settle } from '../support/project.ts';

let server: DocumentServer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  FakeSocket.reset();
  server = new DocumentServer();
});
afterEach(() => void vi.useRealTimers());

async function joined(): Promise<Editor> {
  const made = await editor(server);
  await made.join();
  return made;
}

/** Lets the updates that wait go out. */
async function pause(): Promise<void> {
  await vi.advanceTimersByTimeAsync(100);
}

test('documents and presence share one socket, of the subprotocols for both', async () => {
  const { project, socket } = await joined();
  project.document('notes');
  expect(FakeSocket.made).toHaveLength(1);
  expect(socket().protocols).toEqual(['collab.v2.msgpack.documents', 'collab.v2.documents']);
  expect(project.getSnapshot().self?.userId).toBe('ada');
});

test('a document loads and is synced', async () => {
  server.doc('notes').getText('t').insert(0, 'hello');
  const made = await editor(server);
  const document = made.project.document('notes');
  expect(document.status).toBe('loading');
  await made.join();
  expect(document.status).toBe('synced');
  expect(document.doc.getText('t').toString()).toBe('hello');
  expect(document.getSnapshot()).toEqual({
    status: 'synced',
    saved: 'saved',
    readOnly: false,
    end: undefined,
  });
});

test('edits go both ways, each to its document', async () => {
  const ada = await joined();
  const bob = await joined();
  const notes = [ada, bob].map(({ project }) => project.document('notes'));
  const plan = ada.project.document('plan');
  await settle();
  notes[0]?.doc.getText('t').insert(0, 'from ada');
  await pause();
  expect(notes[1]?.doc.getText('t').toString()).toBe('from ada');
  notes[1]?.doc.getText('t').insert(0, 'from bob, ');
  await pause();
  expect(notes[0]?.doc.getText('t').toString()).toBe('from bob, from ada');
  plan.doc.getMap('nodes').set('a', 1);
  await pause();
  expect(server.doc('plan').getMap('nodes').toJSON()).toEqual({ a: 1 });
  expect(notes[1]?.doc.getMap('nodes').size).toBe(0);
});

test('a burst of edits goes out as one update after the first', async () => {
  const { project } = await joined();
  const { doc } = project.document('notes');
  await pause();
  server.heard.length = 0;
  for (const character of 'abcdef') {
    doc.getText('t').insert(doc.getText('t').length, character);
  }
  await pause();
  expect(server.heard).toEqual(['update notes', 'update notes']);
  expect(server.doc('notes').getText('t').toString()).toBe('abcdef');
});

test('an edit before the server has asked goes with the answer', async () => {
  const { project } = await joined();
  project.document('notes').doc.getText('t').insert(0, 'early');
  await pause();
  expect(server.heard.filter((kind) => kind !== 'awareness notes')).toEqual(['step1 notes', 'step2 notes']);
  expect(server.doc('notes').getText('t').toString()).toBe('early');
});

test('an edit that is too large for an update goes as one that was made elsewhere', async () => {
  const { project } = await joined();
  const { doc } = project.document('notes');
  await pause();
  server.heard.length = 0;
  doc.getText('t').insert(0, 'x'.repeat(1_000_001));
  expect(server.heard).toEqual(['step2 notes']);
  expect(server.doc('notes').getText('t').length).toBe(1_000_001);
});

test('what the server sends is never sent back', async () => {
  const ada = await joined();
  ada.project.document('notes');
  const bob = await joined();
  const document = bob.project.document('notes');
  await pause();
  server.heard.length = 0;
  document.doc.getText('t').insert(0, 'once');
  await pause();
  expect(server.heard).toEqual(['update notes']);
});

test('after a reconnect both sides send what the other lacks', async () => {
  const ada = await joined();
  const document = ada.project.document('notes');
  await settle();
  document.doc.getText('t').insert(0, 'before');
  ada.lose();
  expect(document.status).toBe('offline');
  document.doc.getText('t').insert(0, 'offline ');
  server.doc('notes').getText('t').insert(6, ' meanwhile');
  await ada.reconnect();
  expect(document.status).toBe('synced');
  expect(document.doc.getText('t').toString()).toBe('offline before meanwhile');
  expect(server.doc('notes').getText('t').toString()).toBe('offline before meanwhile');
});

test('a document that is opened twice is one, until the last use is closed', async () => {
  const { project } = await joined();
  const first = project.document('notes');
  const second = project.document('notes');
  expect(second.doc).toBe(first.doc);
  first.close();
  first.close();
  await pause();
  second.doc.getText('t').insert(0, 'still here');
  await settle();
  expect(server.doc('notes').getText('t').toString()).toBe('still here');
  second.doc.getText('t').insert(0, 'and ');
  second.close();
  await pause();
  expect(server.heard.slice(-3)).toEqual(['update notes', 'awareness notes', 'close notes']);
  expect(server.doc('notes').getText('t').toString()).toBe('and still here');
  expect(second.status).toBe('closed');
});

test('a use that is opened again at once keeps the content', async () => {
  const { project } = await joined();
  const first = project.document('notes');
  first.close();
  const second = project.document('notes');
  await pause();
  expect(second.doc).toBe(first.doc);
  expect(server.heard).not.toContain('close notes');
});

test('a document that the server closes for good says why; the project goes on', async () => {
  const { project, socket } = await joined();
  const document = project.document('notes');
  await settle();
  server.close(socket(), 'notes', 4504);
  await settle();
  expect(document.getSnapshot()).toMatchObject({
    status: 'closed',
    end: { kind: 'closed', code: 4504, name: 'project_deleted' },
  });
  await vi.advanceTimersByTimeAsync(4_000);
  expect(server.heard.filter((kind) => kind === 'step1 notes')).toHaveLength(1);
  expect(project.getSnapshot().connection.phase).toBe('online');
});

test('a document that the server closes for a while is opened again', async () => {
  const { project, socket } = await joined();
  const document = project.document('notes');
  await settle();
  server.close(socket(), 'notes', 1013);
  await settle();
  expect(document.status).toBe('offline');
  document.doc.getText('t').insert(0, 'kept');
  await vi.advanceTimersByTimeAsync(499);
  expect(document.status).toBe('offline');
  await vi.advanceTimersByTimeAsync(1);
  expect(document.status).toBe('synced');
  expect(server.doc('notes').getText('t').toString()).toBe('kept');
});

test('a project that is closed closes its documents', async () => {
  const { project } = await joined();
  const document = project.document('notes');
  await settle();
  project.close();
  expect(document.status).toBe('closed');
  expect(server.heard.at(-1)).toBe('close notes');
});

test('an observer that throws keeps nobody from hearing of a change', async () => {
  const { project } = await joined();
  const document = project.document('notes');
  await settle();
  const reported = new Promise((resolve) => process.once('uncaughtException', resolve));
  const error = new Error('an observer failed');
  document.doc.getText('t').observe(() => {
    throw error;
  });
  const other = server.doc('notes');
  other.on('update', (update: Uint8Array) => server.relay('notes', update));
  other.getText('t').insert(0, 'heard');
  await settle();
  expect(document.doc.getText('t').toString()).toBe('heard');
  expect(await reported).toBe(error);
});
