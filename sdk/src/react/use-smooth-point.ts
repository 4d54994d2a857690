import { useLayoutEffect, useRef } from 'react';
import { approach, type Point } from './point.ts';
import { useLatest } from './use-latest.ts';

/**
 * Draws a point that follows `target` smoothly, without a render for each frame. The first point, and every one for
 * people who prefer reduced motion, is drawn where it is.
 */
export function useSmoothPoint(target: Point, draw: (at: Point) => void): void {
  const at = useRef<Point>(undefined);
  const latestDraw = useLatest(draw);
  const { x, y } = target;

  useLayoutEffect(() => {
    const goal = { x, y };
    const put = (point: Point): void => {
      at.current = point;
      latestDraw.current(point);
    };
    if (!at.current || prefersReducedMotion()) {
      put(goal);
      return;
    }
    let last = performance.now();
    const step = (now: number): void => {
      const next = approach(at.current ?? goal, goal, now - last);
      last = now;
      put(next);
      if (next !== goal) {
        frame = requestAnimationFrame(step);
      }
    };
    let frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [x, y, latestDraw]);
}

function prefersReducedMotion(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
}
