import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SharedDocument } from '../../src/documents/index.ts';
import { DocumentServer } from '../support/document-server.ts';
import { type Editor, editor } from '../support/documents.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { settle } from '../support/project.ts';

let server: DocumentServer;
let ada: Editor;
let document: SharedDocument;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  FakeSocket.reset();
  server = new DocumentServer();
  ada = await editor(server);
  await ada.join();
  document = ada.project.document('notes');
  await settle();
});
afterEach(() => void vi.useRealTimers());

function write(text: string): void {
  document.doc.getText('t').insert(0, text);
}

async function pause(): Promise<void> {
  await vi.advanceTimersByTimeAsync(100);
}

test('an edit is saving until the server has it on disk', async () => {
  server.commit();
  await settle();
  expect(document.saved).toBe('saved');
  write('a');
  expect(document.saved).toBe('saving');
  server.commit();
  await settle();
  expect(document.saved).toBe('saved');
});

test('a commit of some of the messages is not a commit of all', async () => {
  write('a');
  await pause();
  write('b');
  await pause();
  server.confirm(ada.socket(), 'notes', 1);
  await settle();
  expect(document.saved).toBe('saving');
  server.confirm(ada.socket(), 'notes', 2);
  await settle();
  expect(document.saved).toBe('saving');
  server.confirm(ada.socket(), 'notes', 3);
  await settle();
  expect(document.saved).toBe('saved');
});

test('an edit that has not left yet is not saved, although all that was sent is', async () => {
  write('a');
  write('b');
  server.commit();
  await settle();
  expect(document.saved).toBe('saving');
  await pause();
  server.commit();
  await settle();
  expect(document.saved).toBe('saved');
});

test('what was not confirmed before the connection was lost is offline, then saving, then saved', async () => {
  write('a');
  ada.lose();
  expect(document.saved).toBe('offline');
  await ada.reconnect();
  expect(document.saved).toBe('saving');
  server.commit();
  await settle();
  expect(document.saved).toBe('saved');
});

test('what was confirmed stays saved without a connection', async () => {
  write('a');
  server.commit();
  await settle();
  ada.lose();
  expect(document.saved).toBe('saved');
  write('b');
  expect(document.saved).toBe('offline');
});

test('a count of an earlier connection says nothing of this one', async () => {
  write('a');
  await pause();
  ada.lose();
  await vi.advanceTimersByTimeAsync(30_000);
  FakeSocket.last.open();
  server.confirm(FakeSocket.last, 'notes', 2);
  await settle();
  expect(document.saved).toBe('offline');
});

test('a reader is told so, and an edit is refused', async () => {
  server.role = 'viewer';
  server.doc('plan').getText('t').insert(0, 'read me');
  const plan = ada.project.document('plan');
  await settle();
  expect(plan.getSnapshot()).toMatchObject({ status: 'synced', readOnly: true, saved: 'saved' });
  expect(plan.doc.getText('t').toString()).toBe('read me');
  plan.doc.getText('t').insert(0, 'do not ');
  await pause();
  expect(plan.saved).toBe('refused');
  expect(server.heard).not.toContain('update plan');
});

test('an editor who becomes a reader hears of it with the first edit that is refused', async () => {
  server.role = 'viewer';
  write('a');
  await settle();
  expect(document.getSnapshot()).toMatchObject({ readOnly: true, saved: 'refused' });
  server.role = 'editor';
  await ada.reconnect();
  expect(document.getSnapshot()).toMatchObject({ readOnly: false, saved: 'saving' });
  expect(server.doc('notes').getText('t').toString()).toBe('a');
});

test('a reader whom the server asks for edits is an editor', async () => {
  server.role = 'viewer';
  const plan = ada.project.document('plan');
  await settle();
  plan.doc.getText('t').insert(0, 'early');
  server.role = 'editor';
  server.ask(ada.socket(), 'plan');
  await settle();
  expect(plan.getSnapshot()).toMatchObject({ readOnly: false, saved: 'saving' });
  expect(server.doc('plan').getText('t').toString()).toBe('early');
});
