import { expect } from 'vitest';
import { cursorOf, pointAt, shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const at = '/projects/1/documents/3d';

test('two people see each other point, put, move and turn solids', async ({ come }) => {
  const ada = await shown(await come('Ada', { at, color: '#C8327C' }));
  const bob = await shown(await come('Bob', { at }));
  await surfaceOf(ada).locator('canvas').waitFor();
  await surfaceOf(bob).locator('canvas').waitFor();

  await until('Bob sees where Ada points', async () => {
    await pointAt(ada, 0.3, 0.6);
    await pointAt(ada, 0.32, 0.62);
    return await cursorOf(bob, 'Ada').isVisible();
  });
  await until('Ada sees where Bob points', async () => {
    await pointAt(bob, 0.5, 0.6);
    await pointAt(bob, 0.52, 0.62);
    return await cursorOf(ada, 'Bob').isVisible();
  });

  await ada.getByRole('button', { name: 'Put a box' }).click();
  const box = bob.getByRole('button', { name: 'Box 1' });
  await box.getByRole('img', { name: 'Ada' }).waitFor();
  await ada.getByLabel('Position x').fill('2.5');
  await ada.getByLabel('Position x').press('Enter');
  await ada.getByLabel('Rotation y').fill('45');
  await ada.getByLabel('Rotation y').press('Enter');
  await box.click();
  await until(
    'Bob sees where it is',
    async () => (await bob.getByLabel('Position x').inputValue()) === '2.5',
  );
  expect(await bob.getByLabel('Rotation y').inputValue()).toBe('45');

  for (let count = 0; count < 3; count += 1) {
    await ada.getByRole('button', { name: 'Undo' }).click();
  }
  await box.waitFor({ state: 'detached' });
});

test('names stay beside what they point with, for whoever comes later and turns the view', async ({
  come,
}) => {
  const ada = await shown(await come('Ada', { at, color: '#C8327C' }));
  const bob = await shown(await come('Bob', { at }));
  await until('Bob sees where Ada points', async () => {
    await pointAt(ada, 0.31, 0.61);
    await pointAt(ada, 0.3, 0.6);
    return await cursorOf(bob, 'Ada').isVisible();
  });

  const cara = await shown(await come('Cara', { at }));
  await cursorOf(cara, 'Ada').waitFor();
  const view = await surfaceOf(cara).boundingBox();
  const place = async () => {
    const label = await cursorOf(cara, 'Ada').boundingBox();
    return view && label && { x: (label.x - view.x) / view.width, y: (label.y - view.y) / view.height };
  };
  await until('it is where she points', async () => {
    const { x, y } = (await place()) ?? { x: 0, y: 0 };
    return Math.hypot(x - 0.3, y - 0.6) < 0.005;
  });

  await pointAt(cara, 0.4, 0.4);
  await cara.mouse.down();
  await cara.mouse.move(700, 420, { steps: 1 });
  await cara.mouse.up();
  await until('it has gone with the view', async () => ((await place())?.x ?? 0.3) !== 0.3);
  const turned = await place();
  // Which draws the scene once more.
  await until('Cara sees where Bob points', async () => {
    await pointAt(bob, 0.5, 0.6);
    await pointAt(bob, 0.52, 0.62);
    return await cursorOf(cara, 'Bob').isVisible();
  });
  expect(await place()).toEqual(turned);
});
