import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ConnectionState, connect } from '../../src/index.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { refusal } from '../support/messages.ts';
import { connecting, FAKE, healthyFor, join, online, settle } from '../support/project.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  FakeSocket.reset();
});
afterEach(() => void vi.useRealTimers());

/** Ends the newest socket and returns after how many milliseconds the next one was made. */
async function returnsAfter(code: number): Promise<number | undefined> {
  const { length } = FakeSocket.made;
  const began = Date.now();
  FakeSocket.last.end(code);
  for (let waited = 0; waited < 40_000 && FakeSocket.made.length === length; waited += 10) {
    await vi.advanceTimersByTimeAsync(10);
  }
  return FakeSocket.made.length > length ? Date.now() - began : undefined;
}

test('a lost connection comes back after 1, 2, 4, ... 30 seconds, the first time too', async () => {
  await online();
  const delays: (number | undefined)[] = [];
  for (let n = 0; n < 7; n += 1) {
    delays.push(await returnsAfter(1006));
  }
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('the snapshot says what is going on', async () => {
  const project = await connecting();
  const phases: ConnectionState[] = [project.getSnapshot().connection];
  project.subscribe(() => {
    const { connection } = project.getSnapshot();
    if (connection !== phases.at(-1)) {
      phases.push(connection);
    }
  });
  join();
  const ended = Date.now();
  FakeSocket.last.end(4000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(phases).toEqual([
    { phase: 'connecting', tries: 0 },
    { phase: 'online' },
    {
      phase: 'waiting',
      tries: 1,
      retryAt: ended + 1_000,
      end: { kind: 'closed', code: 4000, name: 'slow_consumer' },
    },
    { phase: 'connecting', tries: 1 },
  ]);
});

test('after 60 s of health the count begins anew, and not before', async () => {
  await online();
  expect(await returnsAfter(1006)).toBe(1_000);
  join();
  await healthyFor(59_999);
  expect(await returnsAfter(1006)).toBe(2_000);
  join();
  await healthyFor(60_000);
  expect(await returnsAfter(1006)).toBe(1_000);
});

test('time that is spent without a join is no health', async () => {
  await online();
  await returnsAfter(1006);
  FakeSocket.last.open();
  await vi.advanceTimersByTimeAsync(14_000);
  expect(await returnsAfter(4007)).toBe(2_000);
});

test('retryAfterMs wins over the back-off, once', async () => {
  await online();
  FakeSocket.last.say({ type: 'disconnect', reason: 'going_away', code: 1001, retryAfterMs: 1730 });
  expect(await returnsAfter(1001)).toBe(1730);
  expect(await returnsAfter(1006)).toBe(2_000);
});

test('a farewell counts although its close frame was lost', async () => {
  const project = await online();
  FakeSocket.last.say({ type: 'disconnect', reason: 'forbidden', code: 4503 });
  FakeSocket.last.end(1006);
  expect(project.getSnapshot().connection).toEqual({
    phase: 'stopped',
    end: { kind: 'closed', code: 4503, name: 'forbidden' },
  });
});

test('a limit that ends the connection is told with its numbers', async () => {
  const project = await online();
  const limit = { name: 'connections_per_user', max: 20, current: 20 } as const;
  FakeSocket.last.say({ type: 'disconnect', reason: 'connection_limit', code: 4506, limit });
  FakeSocket.last.end(4506);
  expect(project.getSnapshot().connection).toEqual({
    phase: 'stopped',
    end: { kind: 'closed', code: 4506, name: 'connection_limit', limit },
  });
});

test.each([
  [4500, 'bad_request'],
  [4501, 'unauthenticated'],
  [4503, 'forbidden'],
  [4504, 'project_deleted'],
  [4505, 'revoked'],
  [4506, 'connection_limit'],
  [4507, 'superseded'],
  [4508, 'kicked'],
  [4509, 'too_many_errors'],
  [4999, 'unknown'],
])('%i stops with the reason %s, and nobody is known any more', async (code, name) => {
  const project = await online();
  expect(await returnsAfter(code)).toBeUndefined();
  expect(project.getSnapshot()).toMatchObject({
    connection: { phase: 'stopped', end: { kind: 'closed', code, name } },
    self: undefined,
    others: [],
  });
});

test.each([1001, 1011, 1013, 4000, 4001, 4003, 4004, 4005, 4006, 4007, 4008, 4499, 3000])(
  '%i invites back',
  async (code) => {
    await online();
    expect(await returnsAfter(code)).toBe(1_000);
  },
);

test('a fault of the client is tried three times more, then it stops', async () => {
  const project = await online();
  const delays: (number | undefined)[] = [];
  for (const code of [1002, 1003, 1007, 1009]) {
    delays.push(await returnsAfter(code));
  }
  expect(delays).toEqual([1_000, 2_000, 4_000, undefined]);
  expect(project.getSnapshot().connection).toMatchObject({
    phase: 'stopped',
    end: { name: 'message_too_big' },
  });
});

test('a refused join stops when it is final and backs off when it is temporary', async () => {
  const project = await connecting();
  FakeSocket.last.open();
  FakeSocket.last.say(
    refusal({ code: 'limit_exceeded', message: 'full', temporary: true, retryAfterMs: 5_000 }),
  );
  await vi.advanceTimersByTimeAsync(4_999);
  expect(FakeSocket.made).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeSocket.made).toHaveLength(2);
  FakeSocket.last.open();
  FakeSocket.last.say(refusal({ code: 'bad_request', message: 'data.userName: must not be empty' }));
  expect(project.getSnapshot().connection).toEqual({
    phase: 'stopped',
    end: {
      kind: 'refused',
      error: { code: 'bad_request', message: 'data.userName: must not be empty', temporary: false },
    },
  });
});

test('late events of a replaced socket are ignored', async () => {
  const project = await online();
  const old = FakeSocket.last;
  await returnsAfter(1006);
  join();
  const before = project.getSnapshot();
  old.say({ type: 'user_left', userId: 'ada', reason: 'left' });
  old.say({ type: 'disconnect', reason: 'forbidden', code: 4503 });
  old.end(4503);
  old.open();
  await settle();
  expect(project.getSnapshot()).toBe(before);
  expect(FakeSocket.made).toHaveLength(2);
  expect(FakeSocket.last.sentOf('join_session')).toHaveLength(1);
});

test('a socket that does not join in time is given up', async () => {
  await connecting();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(FakeSocket.last.closedWith).toBeNull();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.made).toHaveLength(2);
});

test('a frame that is no JSON ends the connection, which comes back', async () => {
  await online();
  FakeSocket.last.text('{');
  expect(FakeSocket.last.closedWith).toBeNull();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.made).toHaveLength(2);
});

test('leave closes for others at once and stays away until join', async () => {
  const project = await online();
  project.leave();
  expect(FakeSocket.last.closedWith).toBe(1000);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(FakeSocket.made).toHaveLength(1);
  expect(project.getSnapshot()).toMatchObject({ connection: { phase: 'left' }, self: undefined });
  project.join();
  await settle();
  join();
  expect(project.getSnapshot()).toMatchObject({ connection: { phase: 'online' }, self: { userId: 'ada' } });
});

test('a project that is closed before its first try makes no socket', async () => {
  connect(FAKE).close();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(FakeSocket.made).toHaveLength(0);
});
