import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { cursorOf, pointAt, shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { openTab, test } from '../support/world.ts';

const at = '/projects/1/documents/canvas';

function person(page: Page, name: string) {
  return page.locator(`aside [data-user-id="id-${name.toLowerCase()}"]`);
}

async function countOf(page: Page): Promise<number> {
  return Number.parseInt((await page.getByTestId('count').textContent()) ?? '', 10);
}

/** Writes down, from now on, every time that somebody is not in the list of people. */
async function watchAbsence(page: Page, name: string): Promise<() => Promise<number>> {
  const id = `id-${name.toLowerCase()}`;
  await page.evaluate((userId) => {
    const seen = { absences: 0 };
    Object.assign(window, { seen });
    new MutationObserver(() => {
      if (!document.querySelector(`aside [data-user-id="${userId}"]`)) {
        seen.absences += 1;
      }
    }).observe(document.body, { childList: true, subtree: true });
  }, id);
  return () => page.evaluate(() => (window as unknown as { seen: { absences: number } }).seen.absences);
}

test('three tabs are one person, who leaves with the last of them', async ({ come }) => {
  const ada = await shown(await come('Ada', { at }));
  const bob = await shown(await come('Bob', { at }));
  const tabs = [await openTab(bob), await openTab(bob)];
  await until('Ada sees three tabs', async () =>
    (await person(ada, 'Bob').textContent())?.includes('3 tabs'),
  );
  expect(await countOf(ada)).toBe(2);
  expect(await person(ada, 'Bob').count()).toBe(1);

  await bob.close();
  await tabs[0]?.close();
  await until('Ada sees no tabs', async () => !(await person(ada, 'Bob').textContent())?.includes('tabs'));
  expect(await countOf(ada)).toBe(2);
  await tabs[1]?.close();
  await until('Ada is alone', async () => (await countOf(ada)) === 1);
});

test('whoever reloads the page does not leave and come for others', async ({ come }) => {
  const ada = await shown(await come('Ada', { at }));
  const bob = await shown(await come('Bob', { at }));
  await person(ada, 'Bob').waitFor();
  const absences = await watchAbsence(ada, 'Bob');

  await bob.reload();
  await shown(bob);
  await until('Bob is back', async () => (await countOf(bob)) === 2);
  await pointAt(bob, 0.5, 0.5);
  await cursorOf(ada, 'Bob').waitFor();
  expect(await absences()).toBe(0);
});

test('a guest in a second tab is somebody else', async ({ come }) => {
  const ada = await shown(await come('Ada', { at }));
  const tab = await shown(await openTab(ada));
  await tab.getByRole('button', { name: 'Be a guest in this tab' }).click();
  await until('there are two', async () => (await countOf(ada)) === 2);
  await shown(tab);
  await until('Ada sees the guest point', async () => {
    await pointAt(tab, 0.4, 0.5);
    await pointAt(tab, 0.42, 0.5);
    return await surfaceOf(ada).locator('[data-cursor]', { hasText: 'Ada (guest)' }).isVisible();
  });
});

test('whom one follows takes the view along, into other documents too', async ({ come }) => {
  const ada = await shown(await come('Ada', { at }));
  const bob = await shown(await come('Bob', { at }));
  await ada.getByRole('button', { name: 'Follow Bob' }).click();
  await ada.getByText('Following Bob · Stop').waitFor();

  await bob.getByRole('link', { name: /Spreadsheet/ }).click();
  await shown(bob);
  await ada.waitForURL('**/documents/spreadsheet');
  await shown(ada);
  const row = (page: Page, name: string) =>
    surfaceOf(page).getByRole('row', { name: new RegExp(`^${name}`) });
  await surfaceOf(bob)
    .getByRole('grid')
    .click({ position: { x: 200, y: 120 } });
  for (let count = 0; count < 3; count += 1) {
    await bob.keyboard.press('PageDown');
  }
  await until('Ada sees where Bob is', async () => {
    const frame = await cursorOf(ada, 'Bob').boundingBox();
    const surface = await surfaceOf(ada).boundingBox();
    return frame && surface && frame.y > surface.y && frame.y + frame.height <= surface.y + surface.height;
  });
  expect(await row(ada, '1').count()).toBe(0);

  // Whoever does something goes on alone.
  await surfaceOf(ada)
    .getByRole('grid')
    .click({ position: { x: 300, y: 200 } });
  await ada.getByText('Following Bob · Stop').waitFor({ state: 'detached' });
});
