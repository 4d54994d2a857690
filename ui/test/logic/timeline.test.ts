import { describe, expect, test } from 'vitest';
import {
  type Clip,
  dragged,
  END,
  format,
  parseClip,
  SHORTEST,
  TRACKS,
} from '../../src/surfaces/timeline/model.ts';

const CLIP: Clip = { id: 'a', label: 'A', track: 1, start: 4_000, end: 9_000, color: '#3E63DD' };

describe('a clip that is dragged', () => {
  test('keeps its length and goes to whole steps', () => {
    expect(dragged(CLIP, 'whole', 1_120, 1)).toMatchObject({ start: 5_000, end: 10_000, track: 2 });
  });

  test('stays within time and tracks', () => {
    expect(dragged(CLIP, 'whole', -60_000, -9)).toMatchObject({ start: 0, end: 5_000, track: 0 });
    expect(dragged(CLIP, 'whole', END * 2, 99)).toMatchObject({
      start: END - 5_000,
      end: END,
      track: TRACKS - 1,
    });
  });

  test('has a shortest length at either end', () => {
    expect(dragged(CLIP, 'start', 60_000, 0)).toMatchObject({ start: 9_000 - SHORTEST, end: 9_000 });
    expect(dragged(CLIP, 'end', -60_000, 0)).toMatchObject({ start: 4_000, end: 4_000 + SHORTEST });
  });
});

test('what others wrote is put where it can be shown', () => {
  const wild = { label: 7, track: 99.5, start: -5, end: -10, color: 'url(x)' };
  expect(parseClip('a', wild)).toMatchObject({ label: '', track: TRACKS - 1, start: 0, color: '#5A5950' });
  expect(parseClip('a', { ...wild, start: 'soon' })).toBeUndefined();
  expect(parseClip('a', { ...wild, end: Number.NaN })).toBeUndefined();
});

test.each([
  [0, '0:00'],
  [65_000, '1:05'],
  [65_500, '1:05.5'],
  [61_250, '1:01.25'],
  [3_600_000, '60:00'],
])('%i is read as %s', (time, text) => expect(format(time)).toBe(text));
