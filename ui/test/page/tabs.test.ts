import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Server } from '../support/server.ts';
import { tabBundle } from '../support/tab-bundle.ts';
import { until } from '../support/until.ts';
import { openTab, test } from '../support/world.ts';

/** A page of the server without a project of its own. */
const at = '/health/live';
const bundle = tabBundle();

/** Joins with a socket that the tabs of one browser share. */
async function join(page: Page, id: string): Promise<Page> {
  await page.evaluate(await bundle);
  await page.evaluate((user) => {
    window.tab = window.join(user);
  }, id);
  await until(`${id} is online`, async () => (await phase(page)) === 'online');
  return page;
}

function phase(page: Page): Promise<string> {
  return page.evaluate(() => window.tab.project.getSnapshot().connection.phase);
}

async function sessions(server: Server): Promise<number> {
  const response = await fetch(`${server.url}/health/collaboration`);
  return ((await response.json()) as { sessions: number }).sessions;
}

function read(page: Page): Promise<string> {
  return page.evaluate(() => window.tab.text.toString());
}

function editors(page: Page): Promise<number> {
  return page.evaluate(() => window.tab.editors());
}

function write(page: Page, text: string): Promise<void> {
  return page.evaluate((added) => window.tab.text.insert(0, added), text);
}

test('tabs share a session, and when the one that has the connection is closed, nobody leaves', async ({
  server,
  come,
}) => {
  const first = await join(await come('Ada', { at }), 'ada');
  const second = await join(await openTab(first), 'ada');
  const third = await join(await openTab(first), 'ada');
  const bob = await join(await come('Bob', { at }), 'bob');
  expect(await sessions(server)).toBe(2);

  await write(first, 'one');
  for (const page of [second, third, bob]) {
    await until('all read it', async () => (await read(page)) === 'one');
  }

  await until('Bob sees four editors', async () => (await editors(bob)) === 4);

  await first.close();
  await write(second, 'two ');
  await until('Bob reads it', async () => (await read(bob)) === 'two one');
  await until('the other tab reads it', async () => (await read(third)) === 'two one');
  await until('it is saved', () => second.evaluate(() => window.tab.document.saved === 'saved'));
  await second.evaluate(() => window.tab.project.moveCursor('canvas', { type: 'canvas', x: 5, y: 5 }));
  await until('Bob sees where Ada points', () =>
    bob.evaluate(() => window.tab.project.getSnapshot().cursors.get('canvas')?.length === 1),
  );
  expect(await bob.evaluate(() => window.tab.absences)).toEqual([]);
  await until('there is one session of each', async () => (await sessions(server)) === 2);
  expect(await phase(third)).toBe('online');

  await until('Bob sees three editors', async () => (await editors(bob)) === 3);
  await third.close();
  await until('Bob sees two editors', async () => (await editors(bob)) === 2);
  expect(await sessions(server)).toBe(2);
});
