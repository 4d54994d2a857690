import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian and others put it; playwright's own download is not wanted. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts Chromium, the one of `CHROMIUM` if that is set. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error('no Chromium; install what Debian calls chromium, or name it in CHROMIUM');
  }
  return await chromium.launch({
    executablePath,
    // Its sandbox needs rights that containers lack; it opens only pages of this package. It draws in 3D without a
    // graphics card.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--enable-unsafe-swiftshader'],
  });
}
