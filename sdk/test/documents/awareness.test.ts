import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeAwarenessUpdate } from 'y-protocols/awareness';
import type { SharedDocument } from '../../src/documents/index.ts';
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

async function joined(id: string): Promise<{ own: Editor; document: SharedDocument }> {
  const own = await editor(server, { user: { id, name: 'whoever' } });
  await own.join();
  const document = own.project.document('notes');
  await settle();
  return { own, document };
}

/** The users that `document` shows, but its own. */
function others({ awareness }: SharedDocument): unknown[] {
  return [...awareness.getStates()].flatMap(([client, state]) =>
    client === awareness.clientID ? [] : [state.user],
  );
}

test('an editor is shown under the id, name and colour that the project shows', async () => {
  const ada = await joined('ada');
  const bob = await joined('bob');
  await vi.advanceTimersByTimeAsync(100);
  expect(others(ada.document)).toEqual([{ id: 'bob', name: 'BOB', color: '#6E56CF' }]);
  expect(others(bob.document)).toEqual([{ id: 'ada', name: 'ADA', color: '#6E56CF' }]);
});

test('a place in the text is announced, the last one always', async () => {
  const ada = await joined('ada');
  const bob = await joined('bob');
  for (let at = 0; at <= 20; at += 1) {
    ada.document.awareness.setLocalStateField('cursor', { anchor: at, head: at });
    await vi.advanceTimersByTimeAsync(7);
  }
  await vi.advanceTimersByTimeAsync(100);
  const state = bob.document.awareness.getStates().get(ada.document.awareness.clientID);
  expect(state?.cursor).toEqual({ anchor: 20, head: 20 });
  expect(server.heard.filter((kind) => kind === 'awareness notes').length).toBeLessThan(10);
});

test('an editor who is forgotten by the server announces itself anew', async () => {
  const ada = await joined('ada');
  const { clientID, meta } = ada.document.awareness;
  const clock = meta.get(clientID)?.clock ?? 0;
  await vi.advanceTimersByTimeAsync(100);
  expect(ada.document.awareness.getLocalState()).not.toBeNull();
  expect(meta.get(clientID)?.clock).toBeGreaterThan(clock);
});

test('an editor who closes the document is gone for the others at once', async () => {
  const ada = await joined('ada');
  const bob = await joined('bob');
  await vi.advanceTimersByTimeAsync(100);
  ada.document.close();
  await vi.advanceTimersByTimeAsync(0);
  expect(others(bob.document)).toEqual([]);
});

test('without a connection nobody else is shown, and everybody again afterwards', async () => {
  const ada = await joined('ada');
  const bob = await joined('bob');
  await vi.advanceTimersByTimeAsync(100);
  const state = bob.own.socket();
  bob.own.lose();
  expect(others(bob.document)).toEqual([]);
  await bob.own.reconnect();
  expect(bob.own.socket()).not.toBe(state);
  const { awareness } = ada.document;
  server.awareness(bob.own.socket(), 'notes', encodeAwarenessUpdate(awareness, [awareness.clientID]));
  await settle();
  expect(others(bob.document)).toEqual([{ id: 'ada', name: 'ADA', color: '#6E56CF' }]);
});
