import { expect, test } from 'vitest';
import { createCompactReader, encodeCompact } from '../../src/protocol/compact.ts';
import type { ClientMessage } from '../../src/protocol/index.ts';
import { pack, unpack } from '../../src/protocol/msgpack.ts';
import { fixtures } from '../support/fixtures.ts';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function parsed<T>(folder: string): [string, T][] {
  return fixtures(folder).map(({ name, text }) => [name, JSON.parse(text) as T]);
}

test.each(parsed<{ frames: string[]; messages: unknown[] }>('compact'))(
  'takes from the fixture %s what it says',
  (_, { frames, messages }) => {
    const read = createCompactReader();
    expect(frames.flatMap((frame) => read(bytes(frame)))).toEqual(messages);
  },
);

/** Fixtures that a client would write otherwise: longer forms than needed, and what only a reader has to take. */
const OTHER_FORMS = ['join_session', 'long_forms', 'move_as_a_map', 'move_timeline', 'move_unknown_values'];

test.each(
  parsed<{ frame: string; message: ClientMessage }>('compact_client').filter(
    ([name]) => !OTHER_FORMS.includes(name),
  ),
)('says the fixture %s as it is', (_, { frame, message }) => {
  expect(unpack(encodeCompact(message).subarray(1))).toEqual(unpack(bytes(frame).subarray(1)));
});

test('every message of a client and a server is what it was after both ways', () => {
  for (const folder of ['client', 'server']) {
    for (const { text } of fixtures(folder)) {
      const message: unknown = JSON.parse(text);
      expect(unpack(pack(message, []))).toEqual(message);
    }
  }
});

test('numbers take few bytes and keep every bit', () => {
  const lengths: [number, number][] = [
    [0, 1],
    [-1, 1],
    [-0, 5],
    [200, 5],
    [-33, 5],
    [0.5, 5],
    [0.1, 9],
    [2 ** 31, 9],
    [2 ** 53, 9],
    [-(2 ** 53), 5],
    [1e300, 9],
    [Number.POSITIVE_INFINITY, 5],
  ];
  for (const [number, length] of lengths) {
    const packed = pack(number, []);
    expect([unpack(packed), packed.length]).toEqual([number, length]);
  }
});

test('long texts, arrays and maps keep what they hold', () => {
  const value = {
    text: 'é'.repeat(40_000),
    list: Array.from({ length: 70_000 }, (_, index) => index),
    map: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, null])),
  };
  expect(unpack(pack(value, []))).toEqual(value);
});

test('a document named like a part of every object is a key like any other', () => {
  const value = unpack(pack(JSON.parse('{"__proto__": {"x": 1}}'), [])) as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('bytes that end too early, go on or are no value are refused', () => {
  for (const hex of [
    '',
    '93',
    'a5 61',
    'dd ff ff ff ff',
    'df ff ff ff ff',
    'db ff ff ff ff 61',
    'c0 c0',
    'c1',
    'c4 01 61',
  ]) {
    expect(() => unpack(bytes(hex)), hex).toThrow();
  }
  expect(() => createCompactReader()(bytes('00 80'))).toThrow();
  expect(() => createCompactReader()(bytes('00 91'))).toThrow();
});

test('a frame that begins otherwise is none of messages', () => {
  expect(createCompactReader()(bytes('04 6e 6f 74 65'))).toBeUndefined();
  expect(createCompactReader()(bytes(''))).toBeUndefined();
});
