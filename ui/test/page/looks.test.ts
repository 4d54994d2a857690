import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousFaults } from '../support/axe.ts';
import { fillExample } from '../support/example.ts';
import { takeScreenshot } from '../support/screenshot.ts';
import { pointAt, shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { type Come, test } from '../support/world.ts';

const SCREENS: Readonly<Record<string, BrowserContextOptions>> = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};
/** Milliseconds for a dozen pages and their rules, on a machine that has other things to do. */
const PATIENCE = 300_000;
const KINDS = ['canvas', 'spreadsheet', 'code_editor', 'timeline', '3d'] as const;

/** Two people at work, in every document one after the other. */
async function companions(come: Come): Promise<(kind: string) => Promise<void>> {
  const pages = [
    await come('Grace Hopper', { at: '/projects/1/documents/canvas', color: '#3E63DD' }),
    await come('Ines', { at: '/projects/1/documents/canvas', color: '#1F855B' }),
  ];
  return async (kind) => {
    for (const [index, page] of pages.entries()) {
      const link = page.locator(`a[href="/projects/1/documents/${kind}"]`);
      await link.click();
      await page.locator(`[data-document="${kind}"]`).waitFor();
      await shown(page);
      await busy(page, kind, index);
    }
  };
}

/** Somebody points at something, each at something else. */
async function busy(page: Page, kind: string, index: number): Promise<void> {
  const surface = surfaceOf(page);
  if (kind === 'canvas') {
    await surface.locator('.react-flow__node', { hasText: ['Clean', 'Public'][index] ?? '' }).click();
    await pointAt(page, 0.6 - index * 0.02, 0.24 + index * 0.42);
  } else if (kind === 'spreadsheet') {
    const row = surface.getByRole('row').nth(index === 0 ? 4 : 8);
    await row
      .getByRole('gridcell')
      .nth(index === 0 ? 2 : 4)
      .click();
  } else if (kind === 'code_editor') {
    await surface
      .locator('.cm-line')
      .nth([4, 15][index] ?? 0)
      .click();
    await page.keyboard.press(index === 0 ? 'End' : 'Shift+Home');
  } else if (kind === 'timeline') {
    await pointAt(page, 0.5 + index * 0.08, 0.3 + index * 0.17);
  } else {
    await surface.locator('canvas').waitFor();
    await pointAt(page, 0.3 + index * 0.28, 0.56 + index * 0.1);
    await pointAt(page, 0.31 + index * 0.28, 0.57 + index * 0.1);
  }
}

/** Everybody's marks are there, and have come to rest. */
async function settled(page: Page): Promise<void> {
  await until('both are seen', async () => (await surfaceOf(page).locator('[data-cursor]').count()) >= 2);
  await page.waitForLoadState('networkidle');
  let last = '';
  await until('nothing moves', async () => {
    const places = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[data-cursor]')].map((element) => element.style.translate),
    );
    const is = places.join();
    const isSame = is === last;
    last = is;
    return isSame;
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [screen, context] of Object.entries(SCREENS)) {
    test(
      `every page can be used by everybody: ${screen}, ${colorScheme}`,
      async ({ server, come }) => {
        await fillExample(server);
        const follow = await companions(come);
        const ada = await come('Ada Lovelace', {
          color: '#C8327C',
          context: { ...context, colorScheme, reducedMotion: 'reduce' },
        });
        const faults: string[] = [];
        const look = async (name: string) => {
          await takeScreenshot(ada, `${name}-${screen}-${colorScheme}`);
          faults.push(...(await seriousFaults(ada)).map((fault) => `${name}: ${fault}`));
        };

        await ada.getByText('2 here').waitFor();
        await look('projects');
        await ada.getByRole('button', { name: 'New project' }).click();
        await look('dialog');
        await ada.getByRole('button', { name: 'Cancel' }).click();

        for (const kind of KINDS) {
          await follow(kind);
          await ada.goto(`${server.url}/projects/1/documents/${kind}`);
          await shown(ada);
          await settled(ada);
          await look(kind);
        }
        if (screen === 'phone') {
          await ada.getByRole('button', { name: 'Documents and people' }).click();
          await ada.getByRole('button', { name: 'Follow Ines' }).waitFor();
          await look('drawer');
        }
        await server.end('SIGKILL');
        await ada.getByText('You can go on working').waitFor();
        await look('lost');
        await server.launch();
        await until('all are back', () => ada.getByText('Live').count());
        expect(faults).toEqual([]);
      },
      PATIENCE,
    );
  }
}
