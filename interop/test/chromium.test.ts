import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type {} from '../pages/plain.ts';
import { test } from '../support/browser-world.ts';
import { areEqual, content, replay } from '../support/content.ts';
import { until } from '../support/until.ts';

/** The grace period after a connection that ended without a word, and two seconds; in milliseconds. */
const GONE = 1_500 + 2_000;

const PATIENCE_OF_CLIENT = 36_000;

async function held(page: Page): Promise<ReturnType<typeof replay>> {
  return replay([Uint8Array.from(await page.evaluate(() => window.peer.state))]);
}

describe('pages in Chromium', () => {
  test('converge with each other and with Node', async ({ open, join, server }) => {
    const pages = [await open('plain', 'Ada'), await open('plain', 'Bob')] as const;
    const node = await join('plan', { name: 'Node' }).synced();
    for (const page of pages) {
      await until('the page is in sync', () => page.evaluate(() => window.peer.isSynced));
    }
    for (let count = 0; count < 20; count += 1) {
      for (const [index, page] of pages.entries()) {
        await page.evaluate(
          ([who, at]) => {
            window.peer.append(`${who}${at} `);
            window.peer.set(`${who}${at}`, at);
          },
          [index, count] as const,
        );
      }
      node.text.insert(0, `n${count} `);
      if (count === 10) {
        await server.kill();
        await server.launch();
      }
    }
    for (const page of pages) {
      await until('the page has what Node has', async () => areEqual(await held(page), node.doc));
    }
    expect(content(node.doc)).toEqual(content(await held(pages[0])));
    expect(node.doc.getMap('map').size).toBe(40);
    expect(node.text.toString().trim().split(' ')).toHaveLength(60);
  });

  test('see who is there, and who closed the page', async ({ open, join }) => {
    const ada = await open('plain', 'Ada');
    const bob = await open('plain', 'Bob');
    const node = join('plan', { name: 'Node' });
    const everybody = ['Ada', 'Bob', 'Node'];
    const seenBy = (page: Page) => page.evaluate(() => window.peer.names);
    for (const page of [ada, bob]) {
      await until('the page sees all', async () => String(await seenBy(page)) === String(everybody));
    }
    await until('Node sees all', () => String(node.names) === String(everybody));

    await bob.close();
    const left = String(['Ada', 'Node']);
    await until(
      'Bob is gone',
      async () => String(node.names) === left && String(await seenBy(ada)) === left,
      GONE,
    );
  });

  test('stay connected when nobody says anything', async ({ open }) => {
    const page = await open('plain', 'Ada');
    await until('the page is in sync', () => page.evaluate(() => window.peer.isSynced));
    const since = performance.now();
    const closes = () => page.evaluate(() => window.peer.closes);
    await until(
      'its patience would have ended',
      async () => (await closes()) > 0 || performance.now() - since > PATIENCE_OF_CLIENT,
      PATIENCE_OF_CLIENT + 5_000,
    );
    expect(await closes()).toBe(0);
  });
});
