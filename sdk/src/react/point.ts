/** A point on the screen, in CSS pixels from the upper left corner of whatever it is drawn in. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Milliseconds in which half of the way is done: two cursor intervals look like one movement. */
const HALF_LIFE_MS = 40;
/** Pixels within which a point counts as arrived. */
const ARRIVED = 0.25;

/** Where a point is that was at `from` and has made for `to` for `elapsed` milliseconds: fast at first, then slower. */
export function approach(from: Point, to: Point, elapsed: number): Point {
  const left = 2 ** (-Math.max(0, elapsed) / HALF_LIFE_MS);
  const dx = (from.x - to.x) * left;
  const dy = (from.y - to.y) * left;
  return Math.hypot(dx, dy) < ARRIVED ? to : { x: to.x + dx, y: to.y + dy };
}
