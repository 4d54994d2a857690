import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeSocket } from '../support/fake-socket.ts';
import { bulkPresence, presence } from '../support/messages.ts';
import { connecting, healthyFor, join, online } from '../support/project.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  FakeSocket.reset();
});
afterEach(() => void vi.useRealTimers());

/** The server says that the token expires in this many milliseconds. */
function expiringIn(left: number): void {
  FakeSocket.last.say({ type: 'token_expiring', expiresAt: new Date(Date.now() + left).toISOString() });
}

function brought(): unknown[] {
  return FakeSocket.last.sentOf('authenticate').map(({ data }) => data.token);
}

test('a token goes with the join', async () => {
  await connecting({ token: 'secret' });
  FakeSocket.last.open();
  expect(FakeSocket.last.sentOf('join_session')[0]?.data.token).toBe('secret');
});

test('each try asks for a fresh token, before the socket is made', async () => {
  let count = 0;
  await online({ token: async () => `token-${++count}` });
  FakeSocket.last.end(4005);
  await vi.advanceTimersByTimeAsync(1_000);
  FakeSocket.last.open();
  const tokens = FakeSocket.made.map((socket) => socket.sentOf('join_session')[0]?.data.token);
  expect(tokens).toEqual(['token-1', 'token-2']);
});

test('a token callback that fails is tried again later and reported', async () => {
  let fails = true;
  const error = new Error('signed out');
  const project = await connecting({
    token() {
      if (fails) {
        throw error;
      }
      return 'secret';
    },
  });
  expect(FakeSocket.made).toHaveLength(0);
  expect(project.getSnapshot().connection).toMatchObject({ phase: 'waiting', end: { kind: 'token', error } });
  fails = false;
  await vi.advanceTimersByTimeAsync(1_000);
  join();
  expect(project.getSnapshot().connection.phase).toBe('online');
});

test('a token that expires soon is replaced on the same connection', async () => {
  const tokens = ['first', 'second', 'third'];
  await online({ token: () => tokens.shift() ?? 'none' });
  expiringIn(60_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(brought()).toEqual(['second']);
  await healthyFor(600_000);
  expiringIn(60_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(brought()).toEqual(['second', 'third']);
  expect(FakeSocket.made).toHaveLength(1);
});

test('a token that never lives long is replaced halfway', async () => {
  let count = 0;
  await online({ token: () => `token-${++count}` });
  expiringIn(20_000);
  await healthyFor(9_999);
  expect(brought()).toEqual([]);
  await healthyFor(1);
  expect(brought()).toEqual(['token-2']);
});

test('a token that cannot be replaced is not brought again', async () => {
  await online({ token: 'the only one' });
  expiringIn(60_000);
  await healthyFor(60_000);
  expect(brought()).toEqual([]);
});

test('a notice of a connection that has ended brings nothing', async () => {
  let count = 0;
  await online({ token: () => `token-${++count}` });
  expiringIn(20_000);
  FakeSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(1_000);
  join();
  await healthyFor(60_000);
  expect(brought()).toEqual([]);
});

test('a fixed token that has expired ends the tries, and a fresh one begins them again', async () => {
  const project = await online({ token: 'old' });
  FakeSocket.last.end(4005);
  expect(project.getSnapshot().connection).toEqual({
    phase: 'stopped',
    end: { kind: 'closed', code: 4005, name: 'token_expired' },
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSocket.made).toHaveLength(1);

  await project.refreshToken('new');
  project.join();
  await vi.advanceTimersByTimeAsync(0);
  join();
  expect(FakeSocket.last.sentOf('join_session')[0]?.data.token).toBe('new');
  FakeSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(1_000);
  FakeSocket.last.open();
  expect(FakeSocket.last.sentOf('join_session')[0]?.data.token).toBe('new');
});

test('a fixed token is replaced on the open connection, too', async () => {
  const project = await online({ token: 'old' });
  await project.refreshToken('new');
  expect(brought()).toEqual(['new']);
});

test('a token can be replaced at any time', async () => {
  let token = 'old';
  const project = await online({ token: () => token });
  token = 'new';
  await project.refreshToken();
  expect(FakeSocket.last.sentOf('authenticate')).toEqual([{ type: 'authenticate', data: { token: 'new' } }]);
});

test('oneself is whom the token names, when that is who is let in', async () => {
  const token = `e30.${Buffer.from(JSON.stringify({ sub: 'zoë' })).toString('base64url')}.x`;
  const project = await connecting({ token });
  FakeSocket.last.open();
  FakeSocket.last.say(bulkPresence(presence('zoë'), presence('bob')));
  expect(project.getSnapshot().self?.userId).toBe('zoë');
  expect(project.getSnapshot().others.map((user) => user.userId)).toEqual(['bob']);
});
