import type { Point } from '@collabd/sdk/react';
import type { Cell } from './address.ts';

/** Sizes in pixels: of the cells, and of the names at the upper and the left edge. */
export const CELL = { width: 112, height: 32 } as const;
export const NAMES = { width: 46, height: 32 } as const;

/** The upper left corner of a cell, from that of the first one. */
export function cornerOf({ row, column }: Cell): Point {
  return { x: column * CELL.width, y: row * CELL.height };
}
