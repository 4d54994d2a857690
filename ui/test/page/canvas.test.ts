import { expect } from 'vitest';
import { cursorOf, pointAt, shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const at = '/projects/1/documents/canvas';
/** The label of a new box, once one can type it. */
const LABEL = 'input[aria-label="Label"]:focus';

test('two people see each other point, put and name boxes on a canvas', async ({ come }) => {
  const ada = await shown(await come('Ada', { at, color: '#C8327C' }));
  const bob = await shown(await come('Bob', { at }));

  await pointAt(ada, 0.3, 0.4);
  await cursorOf(bob, 'Ada').waitFor();
  await pointAt(bob, 0.6, 0.5);
  await cursorOf(ada, 'Bob').waitFor();

  await ada.getByRole('button', { name: 'Box', exact: true }).click();
  await ada.locator(LABEL).waitFor();
  await ada.keyboard.type('Plan');
  await ada.keyboard.press('Enter');
  const box = surfaceOf(bob).locator('.react-flow__node', { hasText: 'Plan' });
  await box.waitFor();
  await ada.getByText('Saved', { exact: true }).waitFor();

  await surfaceOf(ada).locator('.react-flow__node', { hasText: 'Plan' }).click();
  await until('Bob sees that Ada holds it', () => box.locator('[data-holder="id-ada"]').count());
});

test('a box that is dragged moves for others, and one undo puts it back', async ({ come }) => {
  const ada = await shown(await come('Ada', { at }));
  const bob = await shown(await come('Bob', { at }));
  await ada.getByRole('button', { name: 'Box', exact: true }).click();
  await ada.locator(LABEL).waitFor();
  await ada.keyboard.press('Enter');
  const boxOf = (page: typeof ada) => surfaceOf(page).locator('.react-flow__node');
  const transform = () => boxOf(bob).evaluate((element) => element.style.transform);
  await boxOf(bob).waitFor();
  const before = await transform();

  const { x, y } = (await boxOf(ada).boundingBox()) ?? { x: 0, y: 0 };
  await ada.mouse.move(x + 20, y + 20);
  await ada.mouse.down();
  await ada.mouse.move(x + 160, y + 90, { steps: 8 });
  await ada.mouse.up();
  await until('the box has moved', async () => (await transform()) !== before);

  await ada.getByRole('button', { name: 'Undo' }).click();
  await until('the box is back', async () => (await transform()) === before);
  await ada.getByRole('button', { name: 'Undo' }).click();
  await boxOf(bob).waitFor({ state: 'detached' });
  expect(await ada.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
});
