import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { seriousFaults } from '../support/axe.ts';
import { shown, surfaceOf } from '../support/surface.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

test('a project is made, renamed and deleted, and so are its documents', async ({ come }) => {
  const ada = await come('Ada');
  await ada.getByRole('button', { name: 'New project' }).click();
  await ada.getByRole('dialog').getByLabel('Name').fill('Bridge');
  await ada.getByRole('button', { name: 'Create project' }).click();
  await ada.getByRole('heading', { name: 'Make the first document' }).waitFor();
  expect(await seriousFaults(ada)).toEqual([]);

  await ada.getByRole('button', { name: /^Canvas/ }).click();
  await shown(ada);
  await ada.getByRole('button', { name: 'Actions for New canvas' }).click();
  await ada.getByRole('menuitem', { name: 'Rename' }).click();
  await ada.getByRole('dialog').getByLabel('Name').fill('Sketch');
  await ada.getByRole('button', { name: 'Rename', exact: true }).click();
  await ada.getByRole('link', { name: /Sketch/ }).waitFor();

  // Somebody else sees what was made, and is told when it goes.
  const bob = await shown(await come('Bob', { at: new URL(ada.url()).pathname }));
  await ada.getByRole('button', { name: 'New document' }).click();
  await ada.getByRole('dialog').getByLabel('Name').fill('Costs');
  await ada.getByRole('button', { name: /^Spreadsheet/ }).click();
  await shown(ada);
  await bob.getByRole('link', { name: /Costs/ }).waitFor();
  await ada.getByRole('button', { name: 'Actions for Sketch' }).click();
  await ada.getByRole('menuitem', { name: 'Delete' }).click();
  await ada.getByRole('button', { name: 'Delete document' }).click();
  await until(
    'Bob is told',
    async () => (await bob.getByText(/“Sketch” was closed|There is no such document/).count()) > 0,
  );

  await ada.getByRole('link', { name: 'collabd: all projects' }).click();
  await ada.getByRole('button', { name: 'Actions for Bridge' }).click();
  await ada.getByRole('menuitem', { name: 'Rename' }).click();
  await ada.getByRole('dialog').getByLabel('Name').fill('Tunnel');
  await ada.getByRole('button', { name: 'Rename', exact: true }).click();
  await ada
    .getByRole('link', { name: /Tunnel/ })
    .getByText('1 document')
    .waitFor();
  await ada.getByText('1 here').waitFor();

  await ada.getByRole('button', { name: 'Actions for Tunnel' }).click();
  await ada.getByRole('menuitem', { name: 'Delete' }).click();
  await ada.getByRole('button', { name: 'Delete project' }).click();
  await ada.getByRole('link', { name: /Tunnel/ }).waitFor({ state: 'detached' });
  await bob
    .getByText(/This project was deleted|There is no such project/)
    .first()
    .waitFor();
});

test('a first visit asks for a name, and an address leads into a document', async ({ come }) => {
  const page = await come('', { at: '/projects/1/documents/timeline' });
  await page.getByLabel('Your name').fill('Grace');
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole('radio', { name: 'Jade' }).check();
  await page.getByRole('button', { name: 'Go in' }).click();
  await shown(page);
  expect(await page.locator('[data-document]').getAttribute('data-document')).toBe('timeline');
  await page.getByText('Grace (you)').waitFor();
  await page.reload();
  await shown(page);
  await surfaceOf(page).getByRole('toolbar', { name: 'Timeline' }).waitFor();
});

test('the first page weighs little', async ({ server }) => {
  const headers = { 'accept-encoding': 'identity' };
  const index = await (await fetch(server.url, { headers })).text();
  const files = [...index.matchAll(/"(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path);
  expect(files.length).toBeGreaterThan(1);
  let bytes = 0;
  for (const file of files) {
    const body = await (await fetch(`${server.url}${file}`, { headers })).arrayBuffer();
    bytes += gzipSync(new Uint8Array(body)).length;
  }
  expect(bytes).toBeLessThan(120_000);
});

test('addresses that lead nowhere say so', async ({ come }) => {
  const ada = await come('Ada', { at: '/projects/77' });
  await ada.getByRole('heading', { name: 'There is no such project' }).waitFor();
  await ada.goto(new URL('/projects/1/documents/none', ada.url()).href);
  await ada.getByRole('heading', { name: 'There is no such document' }).waitFor();
  await ada.goto(new URL('/projects/x', ada.url()).href);
  await ada.getByRole('heading', { name: 'There is no such project' }).waitFor();
});

test('when the server is away the list says so, and comes back by itself', async ({ server, come }) => {
  const ada = await come('Ada');
  await ada.getByRole('link', { name: /Demo/ }).waitFor();
  await server.end('SIGKILL');
  await ada.getByText('The server does not answer').waitFor();
  await server.launch();
  await ada.getByText('The server does not answer').waitFor({ state: 'detached' });
});
