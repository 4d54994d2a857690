import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { Site } from './site.ts';
import { test as base } from './world.ts';

/** Opens a page of a site as a person of that name, in a browser profile of its own. */
export type Open = (page: string, name: string) => Promise<Page>;

/** As `world.ts`, with Chromium. */
export const test = base.extend<{ open: Open }>({
  open: async ({ server }, use) => {
    let browser: Browser | undefined;
    const sites = new Map<string, Promise<Site>>();
    const errors: string[] = [];
    try {
      browser = await launchChromium();
      const chromium = browser;
      await use(async (name, user) => {
        const site = sites.get(name) ?? Site.serve(name);
        sites.set(name, site);
        // Pages of one profile would meet over BroadcastChannel, without the server.
        const page = await (await chromium.newContext()).newPage();
        page.on('pageerror', (error) => errors.push(String(error)));
        await page.goto((await site).url({ serverUrl: server.documents(), user }));
        return page;
      });
    } finally {
      await browser?.close();
      for (const site of sites.values()) {
        (await site).close();
      }
    }
    if (errors.length > 0) {
      throw new Error(`errors in pages: ${errors.join('; ')}`);
    }
  },
});
