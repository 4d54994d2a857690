import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { cursorOf, shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const at = '/projects/1/documents/spreadsheet';

/** The cell of a row and a column, counted from 0. */
function cell(page: Page, row: number, column: number): Locator {
  return surfaceOf(page)
    .getByRole('row')
    .nth(row + 1)
    .getByRole('gridcell')
    .nth(column + 1);
}

test('two people see which cells they choose, what they type, and what it adds up to', async ({ come }) => {
  const ada = await shown(await come('Ada', { at, color: '#C8327C' }));
  const bob = await shown(await come('Bob', { at }));

  await cell(ada, 0, 1).click();
  await cursorOf(bob, 'Ada').waitFor();
  await cell(bob, 3, 2).click();
  await cursorOf(ada, 'Bob').waitFor();

  await cell(ada, 0, 1).click();
  for (const text of ['12', '30.5', '=SUM(B1:B2)*2']) {
    await ada.keyboard.type(text);
    await ada.keyboard.press('Enter');
  }
  await until('Bob sees the sum', async () => (await cell(bob, 2, 1).textContent()) === '85');
  await cell(bob, 1, 1).click();
  await bob.keyboard.press('Delete');
  await until('Ada sees another sum', async () => (await cell(ada, 2, 1).textContent()) === '24');

  // One's own only: what Bob did stays.
  await ada.getByRole('button', { name: 'Undo' }).click();
  await until('the sum is gone', async () => (await cell(bob, 2, 1).textContent()) === '');
  expect(await cell(ada, 1, 1).textContent()).toBe('');
});

test('the frame around a cell of somebody else stays on it when one scrolls', async ({ come }) => {
  const ada = await shown(await come('Ada', { at }));
  const bob = await shown(await come('Bob', { at }));
  await cell(bob, 12, 3).click();
  const frame = cursorOf(ada, 'Bob');
  await frame.waitFor();
  const offset = async () => {
    const [a, b] = await Promise.all([frame.boundingBox(), cell(ada, 12, 3).boundingBox()]);
    return a && b ? Math.round(Math.hypot(a.x - b.x, a.y - b.y)) : undefined;
  };
  await until('the frame is there', async () => ((await offset()) ?? 99) <= 2);
  await surfaceOf(ada)
    .getByRole('grid')
    .evaluate((grid) => grid.scrollBy(60, 90));
  await until('the frame went along', async () => ((await offset()) ?? 99) <= 2);
});
