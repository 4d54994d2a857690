import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeSocket } from '../support/fake-socket.ts';
import { join, online } from '../support/project.ts';

/** Knows how many listen to it. */
class Counting extends EventTarget {
  listeners = 0;

  override addEventListener(...listener: Parameters<EventTarget['addEventListener']>): void {
    this.listeners += 1;
    super.addEventListener(...listener);
  }

  override removeEventListener(...listener: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners -= 1;
    super.removeEventListener(...listener);
  }
}

class FakePage extends Counting {
  visibilityState = 'visible';
}

let page: FakePage;
let scope: Counting;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  FakeSocket.reset();
  page = new FakePage();
  scope = new Counting();
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', scope.addEventListener.bind(scope));
  vi.stubGlobal('removeEventListener', scope.removeEventListener.bind(scope));
});
afterEach(() => void vi.useRealTimers());

function show(visibilityState: 'visible' | 'hidden'): void {
  page.visibilityState = visibilityState;
  page.dispatchEvent(new Event('visibilitychange'));
}

test.each([
  ['the network is back', () => scope.dispatchEvent(new Event('online'))],
  ['the page is shown', () => show('visible')],
  ['the page comes out of the cache', () => scope.dispatchEvent(new Event('pageshow'))],
])('the wait is cut when %s', async (_, wake) => {
  await online();
  FakeSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(10);
  expect(FakeSocket.made).toHaveLength(1);
  wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.made).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeSocket.made).toHaveLength(2);
});

test('a wait that the server asked for is not cut', async () => {
  await online();
  FakeSocket.last.say({ type: 'disconnect', reason: 'going_away', code: 1001, retryAfterMs: 3_000 });
  FakeSocket.last.end(1001);
  scope.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(2_999);
  expect(FakeSocket.made).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeSocket.made).toHaveLength(2);
});

test('nothing wakes a project that has stopped or was closed', async () => {
  const project = await online();
  FakeSocket.last.end(4503);
  scope.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(40_000);
  expect(FakeSocket.made).toHaveLength(1);
  project.close();
  show('visible');
  await vi.advanceTimersByTimeAsync(40_000);
  expect(FakeSocket.made).toHaveLength(1);
});

test('an open connection is asked for a sign of life on wake-up, and replaced when it is dead', async () => {
  const project = await online();
  show('visible');
  expect(FakeSocket.last.sentOf('ping')).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(project.getSnapshot().connection.phase).toBe('online');
  await vi.advanceTimersByTimeAsync(1);
  expect(project.getSnapshot().connection).toMatchObject({ phase: 'waiting', end: { kind: 'silent' } });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.made).toHaveLength(2);
});

test('an answer keeps the connection', async () => {
  const project = await online();
  show('visible');
  FakeSocket.last.say({ type: 'pong' });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(project.getSnapshot().connection.phase).toBe('online');
  expect(FakeSocket.made).toHaveLength(1);
});

test('a connection on which nothing arrives for 25 s is asked', async () => {
  await online();
  await vi.advanceTimersByTimeAsync(20_000);
  FakeSocket.last.say({ type: 'pong' });
  await vi.advanceTimersByTimeAsync(24_999);
  expect(FakeSocket.last.sentOf('ping')).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeSocket.last.sentOf('ping')).toHaveLength(1);
});

test('time for which the page slept is not held against the server', async () => {
  const project = await online();
  show('visible');
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(project.getSnapshot().connection.phase).toBe('online');
  expect(FakeSocket.last.sentOf('ping')).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(project.getSnapshot().connection.phase).toBe('waiting');
});

test('a hidden page is away, a shown one is what the user chose', async () => {
  const project = await online();
  show('hidden');
  show('hidden');
  show('visible');
  project.setStatus('idle');
  show('hidden');
  show('visible');
  const told = FakeSocket.last.sentOf('set_status').map((message) => message.data.status);
  expect(told).toEqual(['away', 'active', 'idle', 'away', 'idle']);
  expect(project.getSnapshot().status).toBe('idle');
});

test('a page that is hidden from the start joins as away, and again after a reconnect', async () => {
  show('hidden');
  await online();
  expect(FakeSocket.last.sent.slice(1)).toEqual([{ type: 'set_status', data: { status: 'away' } }]);
  FakeSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(1_000);
  join();
  expect(FakeSocket.last.sent.slice(1)).toEqual([{ type: 'set_status', data: { status: 'away' } }]);
});

test('a project that does not follow the page stays as it was set', async () => {
  await online({ followsPage: false });
  show('hidden');
  expect(FakeSocket.last.sentOf('set_status')).toHaveLength(0);
});

function use(sign: string): void {
  scope.dispatchEvent(new Event(sign));
}

function statuses(): string[] {
  return FakeSocket.last.sentOf('set_status').map(({ data }) => data.status);
}

test('whoever does nothing for a while is idle until the next movement or key', async () => {
  const project = await online({ idleAfter: 10_000 });
  await vi.advanceTimersByTimeAsync(9_000);
  use('pointermove');
  await vi.advanceTimersByTimeAsync(9_999);
  expect(statuses()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(statuses()).toEqual(['idle']);
  expect(project.getSnapshot().status).toBe('idle');
  use('keydown');
  use('keydown');
  expect(statuses()).toEqual(['idle', 'active']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(statuses()).toEqual(['idle', 'active', 'idle']);
});

test('a hidden page is away however long nothing is done, and what the user chose stays', async () => {
  const project = await online({ idleAfter: 10_000 });
  show('hidden');
  await vi.advanceTimersByTimeAsync(10_000);
  show('visible');
  project.setStatus('away');
  use('pointerdown');
  expect(statuses()).toEqual(['away', 'idle', 'away']);
});

test('nobody is idle by themselves unless that is asked for', async () => {
  const project = await online();
  await vi.advanceTimersByTimeAsync(20_000);
  FakeSocket.last.say({ type: 'pong' });
  expect(statuses()).toEqual([]);
  expect(project.getSnapshot().status).toBe('active');
});

test('a project that is closed listens to nothing any more', async () => {
  const project = await online({ idleAfter: 10_000 });
  expect([page.listeners, scope.listeners]).toEqual([2, 6]);
  project.leave();
  project.join();
  await vi.advanceTimersByTimeAsync(0);
  expect([page.listeners, scope.listeners]).toEqual([2, 6]);
  project.close();
  expect([page.listeners, scope.listeners]).toEqual([0, 0]);
  expect(vi.getTimerCount()).toBe(0);
});
