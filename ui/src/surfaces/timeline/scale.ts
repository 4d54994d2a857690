/** Pixels: of the names at the left, the ruler at the top, and a track. */
export const NAMES = 84;
export const RULER = 30;
export const LANE = 62;

/** Pixels of a second, from far to near. */
export const ZOOMS = [6, 12, 24, 48, 96, 160] as const;
export const FIRST_ZOOM = 2;

/** Milliseconds between two marks of the ruler, of which one should be at least 70 pixels from the next. */
export function markEvery(pixelsPerSecond: number): number {
  const least = 70 / pixelsPerSecond;
  return 1_000 * ([1, 2, 5, 10, 15, 30, 60].find((seconds) => seconds >= least) ?? 120);
}
