import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Project } from '../../src/index.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { bulkPresence, presence, refusal } from '../support/messages.ts';
import { connecting, join, online } from '../support/project.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  FakeSocket.reset();
});
afterEach(() => void vi.useRealTimers());

function moveTo(project: Project, x: number, documentId = 'plan'): void {
  project.moveCursor(documentId, { type: 'canvas', x, y: 0 });
}

/** The cursors that were sent on the newest socket, as `document:x`. */
function sentCursors(): string[] {
  return FakeSocket.last
    .sentOf('cursor_update')
    .map(({ data }) => `${data.documentId}:${data.position.type === 'canvas' ? data.position.x : '?'}`);
}

test('the first move goes out at once, then one each 50 ms, and the last one always', async () => {
  const project = await online();
  await vi.advanceTimersByTimeAsync(100);
  for (let x = 0; x <= 12; x += 1) {
    moveTo(project, x);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(sentCursors()).toEqual(['plan:0', 'plan:4', 'plan:9']);
  await vi.advanceTimersByTimeAsync(20);
  expect(sentCursors()).toEqual(['plan:0', 'plan:4', 'plan:9', 'plan:12']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sentCursors()).toHaveLength(4);
});

test('each document keeps its own last position', async () => {
  const project = await online();
  await vi.advanceTimersByTimeAsync(100);
  moveTo(project, 1);
  moveTo(project, 2);
  moveTo(project, 3, 'notes');
  await vi.advanceTimersByTimeAsync(50);
  expect(sentCursors()).toEqual(['plan:1', 'plan:2', 'notes:3']);
});

test('what is selected goes with the cursor', async () => {
  const project = await online();
  await vi.advanceTimersByTimeAsync(100);
  project.moveCursor('code', { type: 'code_editor', line: 3, column: 7 }, { selectedNodeId: 'fn-main' });
  expect(FakeSocket.last.sentOf('cursor_update')[0]?.data).toEqual({
    documentId: 'code',
    position: { type: 'code_editor', line: 3, column: 7 },
    selectedNodeId: 'fn-main',
  });
});

test('a document that is entered while the server answers the join is told as soon as it has', async () => {
  const project = await connecting();
  project.switchDocument('notes', 'code_editor');
  FakeSocket.last.open();
  project.switchDocument('plan', 'canvas');
  expect(FakeSocket.last.sentOf('join_session')[0]?.data).toMatchObject({ documentId: 'notes' });
  expect(FakeSocket.last.sentOf('switch_document')).toEqual([]);

  FakeSocket.last.say(bulkPresence(presence('ada')));
  expect(FakeSocket.last.sentOf('switch_document')).toEqual([
    { type: 'switch_document', data: { documentId: 'plan', documentType: 'canvas' } },
  ]);
});

test('after a reconnect the state is sent: join, document, status, newest cursor, no history', async () => {
  const project = await online();
  project.switchDocument('plan', 'canvas');
  project.setStatus('idle');
  moveTo(project, 1);
  FakeSocket.last.end(1006);
  for (let x = 2; x < 20; x += 1) {
    moveTo(project, x);
    await vi.advanceTimersByTimeAsync(40);
  }
  await vi.advanceTimersByTimeAsync(400);
  join();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.made).toHaveLength(2);
  expect(FakeSocket.last.sent).toEqual([
    {
      type: 'join_session',
      data: {
        userId: 'ada',
        userName: 'Ada',
        avatarColor: '#6E56CF',
        documentId: 'plan',
        documentType: 'canvas',
      },
    },
    { type: 'set_status', data: { status: 'idle' } },
    { type: 'cursor_update', data: { documentId: 'plan', position: { type: 'canvas', x: 19, y: 0 } } },
  ]);
});

test('a move while there is no connection is sent with the join', async () => {
  const project = await connecting();
  moveTo(project, 5);
  await vi.advanceTimersByTimeAsync(60);
  join();
  expect(sentCursors()).toEqual(['plan:5']);
});

test('a switch leaves the cursors of other documents behind', async () => {
  const project = await online();
  moveTo(project, 1, 'notes');
  moveTo(project, 1, 'plan');
  project.switchDocument('plan', 'canvas');
  FakeSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(1_000);
  join();
  expect(sentCursors()).toEqual(['plan:1']);
});

test('of more than eight documents the first entered is left', async () => {
  const project = await online();
  for (let n = 0; n < 9; n += 1) {
    moveTo(project, n, `d${n}`);
  }
  FakeSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(1_000);
  join();
  expect(sentCursors()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `d${n}:${n}`));
});

test('cursors wait while the socket is congested, and the last one goes out then', async () => {
  const project = await online();
  await vi.advanceTimersByTimeAsync(100);
  FakeSocket.last.bufferedAmount = 1_000_000;
  moveTo(project, 1);
  await vi.advanceTimersByTimeAsync(500);
  moveTo(project, 2);
  expect(sentCursors()).toEqual([]);
  FakeSocket.last.bufferedAmount = 0;
  await vi.advanceTimersByTimeAsync(50);
  expect(sentCursors()).toEqual(['plan:2']);
});

test('what a busy server refused is told again when it says', async () => {
  const project = await online();
  project.switchDocument('plan', 'canvas');
  moveTo(project, 1);
  await vi.advanceTimersByTimeAsync(100);
  const { length } = FakeSocket.last.sent;
  FakeSocket.last.say(refusal({ code: 'rate_limited', temporary: true, retryAfterMs: 700 }));
  await vi.advanceTimersByTimeAsync(699);
  expect(FakeSocket.last.sent).toHaveLength(length);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeSocket.last.sent.slice(length).map(({ type }) => type)).toEqual([
    'set_status',
    'switch_document',
    'cursor_update',
  ]);
});
