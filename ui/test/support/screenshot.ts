import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Where the pictures of the documentation go, and where all go; none are made without it. */
const { SCREENSHOTS, ALL_SCREENSHOTS } = process.env;

/** Are pictures asked for? What grows with time is then given some. */
export const takesScreenshots = Boolean(SCREENSHOTS ?? ALL_SCREENSHOTS);

/** Those that the documentation shows. */
const SHOWN = [
  'canvas-desktop-light',
  'code_editor-desktop-dark',
  'spreadsheet-desktop-light',
  'timeline-desktop-dark',
  '3d-desktop-light',
  'projects-desktop-light',
  'drawer-phone-dark',
  'canvas-phone-light',
  'dashboard-desktop-light',
  'dashboard-charts-desktop-dark',
  'dashboard-project-desktop-light',
];

/** Writes a picture of what is seen of the page, when pictures are asked for. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  const directory = ALL_SCREENSHOTS ?? (SHOWN.includes(name) ? SCREENSHOTS : undefined);
  if (directory) {
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
    await session.detach();
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, `${name}.webp`), Buffer.from(data, 'base64'));
  }
}
