import { expect, test } from 'vitest';
import { backoffDelay } from '../../src/connection/backoff.ts';

test('the bound doubles from one second to thirty', () => {
  const bounds = [0, 1, 2, 3, 4, 5, 6, 40].map((n) => backoffDelay(n, () => 1));
  expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('any delay from nothing to the bound may come, before the first try too', () => {
  expect(backoffDelay(0, () => 0)).toBe(0);
  expect(backoffDelay(0, () => 0.25)).toBe(250);
});
