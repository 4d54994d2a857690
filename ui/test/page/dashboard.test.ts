import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousFaults } from '../support/axe.ts';
import { freePort } from '../support/free-port.ts';
import { takeScreenshot, takesScreenshots } from '../support/screenshot.ts';
import { Server } from '../support/server.ts';
import { pointAt, shown } from '../support/surface.ts';
import { SECRET, tokenFor } from '../support/token.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const canvas = '/projects/1/documents/canvas';
const dashboard = '/dashboard';
const project = '/dashboard/projects/1';

/** What the server says on one of the paths that the dashboard reads. */
async function read<T>(server: Server, path: string): Promise<T> {
  const response = await fetch(`${server.reports}${path}`);
  return (await response.json()) as T;
}

async function figure(page: Page, id: string): Promise<string | null> {
  return await page.getByTestId(`figure-${id}`).textContent();
}

function sessionsOf(page: Page, name: string) {
  return page.locator('tr[data-session]', { hasText: name });
}

/** The newest event that says so. */
function event(page: Page, text: string) {
  return page.getByTestId('events').locator('li', { hasText: text }).first();
}

test('the figures are those that the server reports', async ({ server, come }) => {
  const operator = await come('', { at: dashboard });
  await operator.getByText('Nobody is in any project').waitFor();
  const ada = await shown(await come('Ada', { at: canvas }));
  await shown(await come('Bob', { at: canvas }));
  await until('all of them agree', async () => {
    const health = await read<{ connections: number; sessions: number; projects: { users: number }[] }>(
      server,
      '/health/collaboration',
    );
    expect(await figure(operator, 'connections')).toBe(String(health.connections));
    expect(await figure(operator, 'sessions')).toBe(String(health.sessions));
    const cells = await operator.locator('tr[data-project="1"] td').allTextContents();
    expect(cells.slice(0, 3)).toEqual([
      'Demo #1',
      String(health.projects[0]?.users),
      String(health.sessions),
    ]);
    return health.connections >= 2;
  });

  // Whoever moves is counted, in the project and in the charts.
  await until('there are messages', async () => {
    await pointAt(ada, 0.4, 0.4);
    await pointAt(ada, 0.5, 0.5);
    const [, , , , incoming = ''] = await operator.locator('tr[data-project="1"] td').allTextContents();
    const moves = await operator.getByTestId('chart-cursors').locator('li').first().textContent();
    return Number.parseFloat(incoming) > 0 && /Moves (?!0\/s)[\d.]+\/s/.test(moves ?? '');
  });
  const memory = await figure(operator, 'memory');
  expect(memory).toMatch(/^\d+(\.\d)? MiB$/);
});

test('whoever is kicked goes, and the recorder says why', async ({ come }) => {
  const operator = await come('', { at: dashboard });
  const ada = await shown(await come('Ada', { at: canvas }));
  const bob = await shown(await come('Bob', { at: canvas }));
  await operator.getByRole('link', { name: 'Demo' }).click();
  await operator.waitForURL(`**${project}`);
  await sessionsOf(operator, 'Bob').first().waitFor();
  await event(operator, 'Ada joined').waitFor();

  await bob.close();
  await event(operator, 'Bob').waitFor();
  await sessionsOf(operator, 'Bob').first().waitFor({ state: 'detached' });

  await sessionsOf(operator, 'Ada').first().getByRole('button', { name: 'Actions for Ada' }).click();
  await operator.getByRole('menuitem', { name: 'Kick all of Ada’s' }).click();
  await operator.getByRole('dialog').getByRole('button', { name: 'Kick' }).click();
  await event(operator, 'Ada was kicked').getByText('revoked, 4508 by the server').waitFor();
  await event(operator, 'An operator kicked').waitFor();
  await sessionsOf(operator, 'Ada').first().waitFor({ state: 'detached' });
  await operator.getByText('Nobody is here at the moment').waitFor();
  // The page of whoever was kicked stays away.
  await ada.getByRole('dialog').waitFor();

  await operator.getByRole('button', { name: 'Departures' }).click();
  expect(await operator.getByTestId('events').locator('li[data-event="joined"]').count()).toBe(0);
});

test('a server that is away is said to be, and the page goes on by itself', async ({ server, come }) => {
  const operator = await come('', { at: dashboard });
  await operator.getByText('Live', { exact: true }).waitFor();
  await server.end('SIGKILL');
  await operator.getByRole('alert').getByText('The server does not answer').waitFor();
  // What was last known is still there to be read.
  expect(await figure(operator, 'connections')).toBe('0');
  await server.launch();
  await operator.getByText('Live', { exact: true }).waitFor();
  expect(await operator.getByRole('alert').count()).toBe(0);
  await until('a rate of the new process', async () => {
    const messages = await operator.getByTestId('chart-in').locator('li').first().textContent();
    expect(messages).not.toContain('-');
    return /0\/s/.test(messages ?? '');
  });
});

test('the keyboard reaches what figures mean', async ({ come }) => {
  const operator = await come('', { at: dashboard });
  await operator.getByText('Live', { exact: true }).waitFor();
  const button = operator.getByRole('button', { name: 'What does “Connections” mean?' }).first();
  await button.focus();
  await operator.getByRole('tooltip').getByText('WebSockets that are open').waitFor();
  await operator.keyboard.press('Escape');
  expect(await operator.getByRole('tooltip').count()).toBe(0);
});

test('a secured server shows the dashboard to its operators only', async ({ come }) => {
  const port = await freePort();
  const origins = ['--allowed-origins', `http://127.0.0.1:${port}`];
  const server = await Server.start(['--auth-secret', SECRET, ...origins], port);
  try {
    expect((await fetch(`${server.url}${dashboard}`)).status).toBe(404);
    const ada = await come('');
    await ada.goto(`${server.url}${canvas}#token=${tokenFor('Ada')}`);
    const operator = await come('');
    await operator.goto(`${server.reports}/`);
    await operator.waitForURL(`${server.reports}${dashboard}`);
    await operator.getByRole('link', { name: 'Demo' }).click();
    await sessionsOf(operator, 'Ada').first().getByRole('button', { name: 'Actions for Ada' }).click();
    await operator.getByRole('menuitem', { name: 'Kick this session' }).click();
    await operator.getByRole('dialog').getByRole('button', { name: 'Kick' }).click();
    await event(operator, 'Ada was kicked').waitFor();
    await ada.getByRole('dialog').waitFor();
    await operator.close();
    await ada.close();
  } finally {
    await server.dispose();
  }
});

const SCREENS: Readonly<Record<string, BrowserContextOptions>> = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

for (const [screen, context] of Object.entries(SCREENS)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the dashboard can be used on a ${screen} in the ${colorScheme} theme`, async ({ come }) => {
      const people = [await come('Ada', { at: canvas }), await come('Grace', { at: canvas })];
      await Promise.all(people.map(shown));
      const operator = await come('', { at: dashboard, context: { ...context, colorScheme } });
      await operator.locator('tr[data-project="1"]').waitFor();
      const moved = operator.getByTestId('chart-cursors').locator('li').first();
      const hasLines = async () => /[1-9]/.test((await moved.textContent()) ?? '');
      // Half a minute fills a chart.
      const isFilled = async () =>
        !takesScreenshots || /^[45]\d s|min/.test((await figure(operator, 'uptime')) ?? '');
      await until(
        'the charts have lines',
        async () => {
          for (const [index, person] of people.entries()) {
            await pointAt(person, 0.3 + index / 5, 0.3 + Math.random() / 3);
          }
          return (await hasLines()) && (await isFilled());
        },
        90_000,
      );
      const width = () => operator.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(await seriousFaults(operator)).toEqual([]);
      expect(await width()).toBe(0);
      await takeScreenshot(operator, `dashboard-${screen}-${colorScheme}`);
      await operator.getByRole('heading', { name: 'Over time' }).evaluate((heading) => {
        heading.scrollIntoView();
        scrollBy(0, -32);
      });
      await takeScreenshot(operator, `dashboard-charts-${screen}-${colorScheme}`);

      await people[1]?.close();
      await operator.getByRole('link', { name: 'Demo' }).click();
      await event(operator, 'Grace').waitFor();
      await sessionsOf(operator, 'Ada').first().waitFor();
      await operator.evaluate(() => scrollTo(0, 0));
      expect(await seriousFaults(operator)).toEqual([]);
      expect(await width()).toBe(0);
      await takeScreenshot(operator, `dashboard-project-${screen}-${colorScheme}`);
    });
  }
}
