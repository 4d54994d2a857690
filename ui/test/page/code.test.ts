import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { cursorOf, shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const at = '/projects/1/documents/code_editor';

async function textOf(page: Page): Promise<string> {
  return (await surfaceOf(page).locator('.cm-line').allTextContents()).join('\n');
}

test('two people type into one text and see each other’s carets', async ({ come }) => {
  const ada = await shown(await come('Ada', { at, color: '#C8327C' }));
  const bob = await shown(await come('Bob', { at }));

  await surfaceOf(ada).locator('.cm-content').click();
  await ada.keyboard.type('const a = 1;\nconst b = 2;');
  await until('Bob sees it', async () => (await textOf(bob)) === 'const a = 1;\nconst b = 2;');
  await cursorOf(bob, 'Ada').waitFor();

  await surfaceOf(bob).locator('.cm-line').first().click();
  await bob.keyboard.press('Home');
  await cursorOf(ada, 'Bob').waitFor();
  await bob.keyboard.type('// ');
  await until('Ada sees it', async () => (await textOf(ada)).startsWith('// const a'));

  // Ada's own only: Bob's comment stays.
  await ada.keyboard.press('Control+z');
  await until('what Ada typed is gone', async () => (await textOf(bob)).trim() === '//');
  await ada.getByRole('button', { name: 'Redo' }).click();
  await until('it is back', async () => (await textOf(bob)).startsWith('// const a'));
  await ada.getByText('Saved', { exact: true }).waitFor();
});

test('a caret is drawn where its line and column are', async ({ come }) => {
  const ada = await shown(await come('Ada', { at }));
  const bob = await shown(await come('Bob', { at }));
  await surfaceOf(ada).locator('.cm-content').click();
  await ada.keyboard.type('first\nsecond\nthird');
  await until('Bob sees it', async () => (await textOf(bob)).includes('third'));
  await until('the caret is at the end of the last line', async () => {
    const caret = await cursorOf(bob, 'Ada').boundingBox();
    const line = await surfaceOf(bob).locator('.cm-line').nth(2).boundingBox();
    return caret && line && caret.y >= line.y - 1 && caret.y < line.y + 4 && caret.x > line.x + 20;
  });
  expect(await textOf(ada)).toBe('first\nsecond\nthird');
});
