import { expect } from 'vitest';
import { seriousFaults } from '../support/axe.ts';
import { freePort } from '../support/free-port.ts';
import { Server } from '../support/server.ts';
import { cursorOf, pointAt, shown, surfaceOf } from '../support/surface.ts';
import { SECRET, tokenFor } from '../support/token.ts';
import { until } from '../support/until.ts';
import { test as open } from '../support/world.ts';

const at = '/projects/1/documents/canvas';

const test = open.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what a fixture needs
  server: async ({}, use) => {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const server = await Server.start(['--auth-secret', SECRET, '--allowed-origins', origin], port);
    try {
      await use(server);
    } finally {
      await server.dispose();
    }
  },
});

test('a token in the address lets one in, and is taken out of the address', async ({ come }) => {
  const ada = await shown(await come('', { at: `${at}#token=${tokenFor('Ada')}` }));
  const bob = await shown(await come('', { at: `${at}#token=${tokenFor('Bob')}` }));
  expect(ada.url()).not.toContain('token');
  await pointAt(ada, 0.4, 0.4);
  await cursorOf(bob, 'Ada').waitFor();
  expect(await ada.evaluate(() => JSON.stringify(localStorage))).not.toContain('eyJ');
});

test('without a token there is a field for one, with the projects it opens', async ({ come }) => {
  const page = await come('');
  await page.getByText('Paste yours').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel('Access token').fill('no token');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('This is no token').waitFor();
  await page.getByLabel('Access token').fill(tokenFor('Ada'));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('link', { name: /Demo/ }).click();
  await shown(page);
});

test('a token that expires ends in words that say so, and a fresh one brings one back', async ({ come }) => {
  const ada = await shown(await come('', { at: `${at}#token=${tokenFor('Ada', { lasts: 4 })}` }));
  await surfaceOf(ada).evaluate((surface) => surface.setAttribute('data-kept', ''));
  await ada.getByRole('heading', { name: 'Your access has expired' }).waitFor();
  await ada.getByLabel('Access token').fill(tokenFor('Ada', { lasts: -60 }));
  await ada.getByRole('button', { name: 'Come back' }).click();
  await ada.getByText('This token has expired').waitFor();
  expect(await seriousFaults(ada)).toEqual([]);
  await ada.getByLabel('Access token').fill(tokenFor('Ada'));
  await ada.getByRole('button', { name: 'Come back' }).click();
  await until('Ada is back', () => ada.getByText('Live').count());
  // With all that was done in it.
  expect(await surfaceOf(ada).getAttribute('data-kept')).toBe('');
  expect(await ada.getByRole('heading', { name: 'Your access has expired' }).count()).toBe(0);
});

test('a viewer sees that nothing can be changed', async ({ come }) => {
  const token = tokenFor('Ada', { projects: { 1: 'viewer' } });
  const ada = await shown(await come('', { at: `${at}#token=${token}` }));
  await ada.getByText('Read only').waitFor();
  expect(await ada.getByRole('button', { name: 'Box', exact: true }).isDisabled()).toBe(true);
  await surfaceOf(ada).dblclick({ position: { x: 300, y: 300 } });
  expect(await surfaceOf(ada).locator('.react-flow__node').count()).toBe(0);
});

test('a project that one has no role in is as good as none', async ({ come }) => {
  const page = await come('', { at: `/projects/2#token=${tokenFor('Ada')}` });
  await page.getByRole('heading', { name: 'This project is not open to you' }).waitFor();
});
