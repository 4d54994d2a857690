import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Feed, PERIOD_MS } from '../../src/dashboard/feed/feed.ts';

/** The tab, which can be hidden. */
class Tab extends EventTarget {
  visibilityState: 'visible' | 'hidden' = 'visible';

  show(visibilityState: 'visible' | 'hidden'): void {
    this.visibilityState = visibilityState;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

let tab: Tab;
let asked: string[];
let isAway: boolean;

const ANSWERS: Readonly<Record<string, string>> = {
  '/metrics': 'collabd_start_time_seconds 1000\ncollabd_uptime_seconds 7\n',
  '/health/collaboration': '{"connections": 1, "connectionLimit": 9, "projects": []}',
  '/admin/projects': '[]',
};

beforeEach(() => {
  vi.useFakeTimers();
  [tab, asked, isAway] = [new Tab(), [], false];
  vi.stubGlobal('document', tab);
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    if (isAway) {
      throw new TypeError('no connection');
    }
    return new Response(ANSWERS[path]);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const questions = () => asked.filter((path) => path === '/metrics').length;
const pass = (periods: number) => vi.advanceTimersByTimeAsync(periods * PERIOD_MS);

test('the server is asked as long as somebody looks, and not while the tab is hidden', async () => {
  const feed = new Feed();
  await pass(3);
  expect(questions()).toBe(0);
  const end = feed.subscribe(() => {});
  await pass(0);
  expect([questions(), feed.get().status]).toEqual([1, 'live']);
  await pass(3);
  expect(questions()).toBe(4);

  tab.show('hidden');
  await pass(10);
  expect([questions(), feed.get().status]).toEqual([4, 'paused']);
  tab.show('visible');
  await pass(0);
  expect([questions(), feed.get().status]).toEqual([5, 'live']);

  end();
  await pass(10);
  expect(questions()).toBe(5);
});

test('a server that is away is asked on, and what it said stays', async () => {
  const feed = new Feed();
  const end = feed.subscribe(() => {});
  await pass(0);
  isAway = true;
  await pass(3);
  expect(questions()).toBe(4);
  expect([feed.get().status, feed.get().health?.connections]).toEqual(['away', 1]);
  isAway = false;
  await pass(1);
  expect(feed.get().status).toBe('live');
  end();
});
