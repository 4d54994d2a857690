import type { Locator, Page } from 'playwright-core';

/** Where a document's content is shown. */
export function surfaceOf(page: Page): Locator {
  return page.getByTestId('surface');
}

/** Waits until the content is shown. */
export async function shown(page: Page): Promise<Page> {
  await surfaceOf(page).waitFor();
  await surfaceOf(page).getByText('Opening').waitFor({ state: 'detached' });
  return page;
}

/** Moves the mouse to a place of the surface, given as fractions of its width and height. */
export async function pointAt(page: Page, x: number, y: number): Promise<void> {
  const box = await surfaceOf(page).boundingBox();
  if (!box) {
    throw new Error('there is no surface');
  }
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 3 });
}

/** Where `name` is, as others are shown it. */
export function cursorOf(page: Page, name: string): Locator {
  return surfaceOf(page).locator(`[data-cursor="id-${name.toLowerCase()}"]`);
}
