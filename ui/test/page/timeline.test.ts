import { expect } from 'vitest';
import { cursorOf, pointAt, shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const at = '/projects/1/documents/timeline';

test('two people see each other point, put, drag and rename clips', async ({ come }) => {
  const ada = await shown(await come('Ada', { at, color: '#C8327C' }));
  const bob = await shown(await come('Bob', { at }));

  await pointAt(ada, 0.4, 0.2);
  await cursorOf(bob, 'Ada').waitFor();
  await pointAt(bob, 0.6, 0.3);
  await cursorOf(ada, 'Bob').waitFor();

  await ada.getByRole('button', { name: 'Clip', exact: true }).click();
  const clip = surfaceOf(bob).getByRole('button', { name: /New clip/ });
  await until('Bob sees whose it is', async () => (await clip.getAttribute('data-holder')) === 'id-ada');
  expect(await clip.textContent()).toContain('track 1, 0:00 to 0:05, held by Ada');

  const { x, y } = (await surfaceOf(ada)
    .getByRole('button', { name: /New clip/ })
    .boundingBox()) ?? { x: 0, y: 0 };
  await ada.mouse.move(x + 40, y + 20);
  await ada.mouse.down();
  await ada.mouse.move(x + 90, y + 50, { steps: 5 });
  await ada.mouse.move(x + 136, y + 82, { steps: 5 });
  await until('Bob sees it on its way', async () => !(await clip.textContent())?.includes('0:00 to'));
  await ada.mouse.up();
  await until('it has arrived', async () => (await clip.textContent())?.includes('track 2, 0:04 to 0:09'));

  await ada.keyboard.press('ArrowRight');
  await until('a key moves it', async () => (await clip.textContent())?.includes('0:05 to 0:10'));
  await ada.keyboard.press('F2');
  await ada.keyboard.type('Intro');
  await ada.keyboard.press('Enter');
  await surfaceOf(bob)
    .getByRole('button', { name: /Intro.*track 2/ })
    .waitFor();

  for (let count = 0; count < 4; count += 1) {
    await ada.getByRole('button', { name: 'Undo' }).click();
  }
  await until(
    'nothing is left',
    async () => (await surfaceOf(bob).getByRole('button', { name: /track/ }).count()) === 0,
  );
});
