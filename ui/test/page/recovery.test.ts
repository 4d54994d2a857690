import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { cursorOf, pointAt, shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const at = '/projects/1/documents/code_editor';

function savedOf(page: Page) {
  return page.getByTestId('saved').textContent();
}

async function textOf(page: Page): Promise<string> {
  return (await surfaceOf(page).locator('.cm-line').allTextContents()).join('\n');
}

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`both recover by themselves when the server ends by ${signal} and comes back`, async ({
    server,
    come,
  }) => {
    const ada = await shown(await come('Ada', { at }));
    const bob = await shown(await come('Bob', { at }));
    await surfaceOf(ada).locator('.cm-content').click();
    await ada.keyboard.type('before ');
    await until('it is saved', async () => (await savedOf(ada)) === 'Saved');

    await server.end(signal);
    await ada.getByText('You can go on working').waitFor();
    await bob.getByText('Reconnecting').waitFor({ state: 'attached' });
    await ada.keyboard.type('meanwhile ');
    await until(
      'the page does not claim that it is saved',
      async () => (await savedOf(ada)) === 'Not saved yet',
    );

    await server.launch();
    await until('Ada is back', () => ada.getByText('Live').count());
    await until('Bob is back', () => bob.getByText('Live').count());
    await until('it is saved', async () => (await savedOf(ada)) === 'Saved');
    await until('Bob has it', async () => (await textOf(bob)) === 'before meanwhile ');
    expect(await ada.getByText('You can go on working').count()).toBe(0);

    await surfaceOf(bob).locator('.cm-content').click();
    await bob.keyboard.press('Control+End');
    await bob.keyboard.type('after');
    await until('Ada has it', async () => (await textOf(ada)) === 'before meanwhile after');
    await cursorOf(ada, 'Bob').waitFor();
  });
}

test('what was edited without a connection is saved though one has gone on to another document', async ({
  server,
  come,
}) => {
  const ada = await shown(await come('Ada', { at }));
  await until('the list is there', () => ada.getByRole('link', { name: /Canvas/ }).count());
  await server.end('SIGKILL');
  await surfaceOf(ada).locator('.cm-content').click();
  await ada.keyboard.type('kept');
  await ada.getByRole('link', { name: /Canvas/ }).click();
  await ada.waitForURL('**/documents/canvas');
  await server.launch();
  const bob = await shown(await come('Bob', { at }));
  await until('it has come', async () => (await textOf(bob)) === 'kept');
  await pointAt(bob, 0.5, 0.5);
});
