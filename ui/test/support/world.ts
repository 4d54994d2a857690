import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, test as base } from 'vitest';
import { launchChromium } from './chromium.ts';
import { Server } from './server.ts';

/** How a person comes. */
export interface Visit {
  /** The path of the page; the list of projects without it. */
  readonly at?: string;
  readonly color?: string;
  readonly context?: BrowserContextOptions;
}

/** Opens the page as a person of that name, in a browser profile of its own. */
export type Come = (name: string, visit?: Visit) => Promise<Page>;

interface World {
  readonly server: Server;
  readonly come: Come;
}

/** One browser for each file of tests: to start one takes longer than most tests. */
let browser: Promise<Browser> | undefined;

afterAll(async () => {
  await (await browser)?.close();
});

/** A server and people who look at its page. Fails, too, when a page throws or the server keeps something of them. */
export const test = base.extend<World>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what a fixture needs
  server: async ({}, use) => {
    const server = await Server.start();
    try {
      await use(server);
    } finally {
      await server.dispose();
    }
  },
  come: async ({ server }, use) => {
    browser ??= launchChromium();
    const chromium = await browser;
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    try {
      await use(async (name, { at = '/', color = '#3E63DD', context = {} } = {}) => {
        const profile = await chromium.newContext({
          viewport: { width: 1280, height: 800 },
          storageState: {
            cookies: [],
            origins: [{ origin: server.url, localStorage: identityOf(name, color) }],
          },
          ...context,
        });
        contexts.push(profile);
        return await openPage(profile, `${server.url}${at}`, faults);
      });
      for (const context of contexts.splice(0)) {
        await context.close();
      }
      await server.assertBaseline();
    } finally {
      for (const context of contexts) {
        await context.close();
      }
    }
    if (faults.length > 0) {
      throw new Error(`faults in pages:\n${faults.join('\n')}`);
    }
  },
});

/** Another tab of the person who looks at `page`. */
export async function openTab(page: Page): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  return tab;
}

/** What the browser of somebody keeps who has been here before; without a name, nothing. */
function identityOf(name: string, color: string): { name: string; value: string }[] {
  const me = { id: `id-${name.toLowerCase()}`, name, color };
  return name === '' ? [] : [{ name: 'collabd.identity', value: JSON.stringify(me) }];
}

async function openPage(context: BrowserContext, url: string, faults: string[]): Promise<Page> {
  context.on('weberror', (error) => faults.push(String(error.error().stack)));
  context.on('console', (message) => {
    // What the network does is what some tests are about.
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      faults.push(message.text());
    }
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}
