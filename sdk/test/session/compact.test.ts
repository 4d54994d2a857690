import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClientMessage, ServerMessage } from '../../src/index.ts';
import { pack, unpack } from '../../src/protocol/msgpack.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { bulkPresence, presence } from '../support/messages.ts';
import { connecting, settle } from '../support/project.ts';

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.reset();
});

afterEach(() => {
  vi.useRealTimers();
});

function say(...parts: (ServerMessage | unknown[])[]): void {
  FakeSocket.last.binary(pack(parts, [0]));
}

function heard(): unknown[] {
  return FakeSocket.last.frames.map((frame) => unpack(frame.subarray(1)));
}

async function online() {
  const project = await connecting();
  FakeSocket.last.protocol = 'collab.v2.msgpack';
  FakeSocket.last.open();
  say(bulkPresence(presence('ada'), presence('bob')));
  return project;
}

test('the compact form is offered first and spoken when the server chooses it', async () => {
  const project = await online();
  expect(FakeSocket.last.protocols).toEqual(['collab.v2.msgpack', 'collab.v2.batch']);
  expect(project.getSnapshot().connection.phase).toBe('online');
  project.moveCursor('plan', { type: 'canvas', x: 1.5, y: 2 });
  await vi.advanceTimersByTimeAsync(100);
  expect(
    heard().map((message) => (Array.isArray(message) ? message : (message as ClientMessage).type)),
  ).toEqual(['join_session', ['canvas', 'plan', 1.5, 2]]);
  expect(FakeSocket.last.texts).toEqual([]);
  project.close();
});

test('moves are shown like any other, and those of strangers wait until they are introduced', async () => {
  const project = await online();
  const introduction = { userId: 'bob', sessionId: 'b-1', documentId: 'plan', documentType: 'canvas' };
  say([2, 1, 3, 4]);
  expect(project.getSnapshot().cursors.size).toBe(0);
  say([2, 1, introduction], [2, 1, 5, 6]);
  expect(project.getSnapshot().cursors.get('plan')?.[0]?.position).toEqual({ type: 'canvas', x: 5, y: 6 });
  say([2, 1, 7, 8]);
  expect(project.getSnapshot().cursors.get('plan')?.[0]?.position).toEqual({ type: 'canvas', x: 7, y: 8 });
  project.close();
});

test('a frame that cannot be read ends the connection, and the next one begins anew', async () => {
  const project = await online();
  const first = FakeSocket.last;
  first.binary(new Uint8Array([0, 0xc1]));
  expect(project.getSnapshot().connection.phase).toBe('waiting');
  await vi.advanceTimersByTimeAsync(2_000);
  await settle();
  expect(FakeSocket.last).not.toBe(first);
  project.close();
});

test('a server that chooses JSON is spoken to in JSON', async () => {
  const project = await connecting();
  FakeSocket.last.protocol = 'collab.v2.batch';
  FakeSocket.last.open();
  expect(FakeSocket.last.sentOf('join_session')).toHaveLength(1);
  expect(FakeSocket.last.frames).toEqual([]);
  project.close();
});
