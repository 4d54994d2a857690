import { inspect, isDeepStrictEqual } from 'node:util';
import { describe, expect } from 'vitest';
import { exported, replay } from '../support/content.ts';
import type { Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { type Join, test } from '../support/world.ts';

/** Everything that yjs can hold beside its own types, at the edges of how it is written down. */
const VALUES: Record<string, unknown> = {
  zero: 0,
  'minus one': -1,
  'above 31 bits': 2 ** 31,
  'below 31 bits': -(2 ** 31) - 1,
  'largest safe': Number.MAX_SAFE_INTEGER,
  'smallest safe': Number.MIN_SAFE_INTEGER,
  'beyond safe': 2 ** 60,
  largest: Number.MAX_VALUE,
  least: Number.MIN_VALUE,
  half: 0.5,
  pi: Math.PI,
  infinity: Number.POSITIVE_INFINITY,
  'minus infinity': Number.NEGATIVE_INFINITY,
  'not a number': Number.NaN,
  'bigint that no float equals': 2n ** 62n + 1n,
  undefined: undefined,
  null: null,
  true: true,
  false: false,
  text: 'a😀\u0000é',
  'empty text': '',
  bytes: new Uint8Array([0, 255]),
  'no bytes': new Uint8Array(),
  nested: [1, [2, { a: [null, undefined, -0.5] }]],
  'empty list': [],
  'empty object': {},
  'odd keys': JSON.parse('{"__proto__": 1, "": 2}'),
};

/** What yrs writes as another value: it knows integers by their size alone, and so does whoever reads what it wrote. */
const CHANGED: Record<string, unknown> = {
  'minus zero': -0,
  'small bigint': 5n,
  'bigint that a float equals': 2n ** 62n,
};

/** The values that others, or those who come after a restart, see otherwise than yjs reads them back itself. */
async function differing(values: Record<string, unknown>, server: Server, join: Join): Promise<string[]> {
  const author = await join('plan').synced();
  for (const [name, value] of Object.entries(values)) {
    author.doc.getMap('map').set(name, [value]);
  }
  const early = join('plan');
  await until('the other has all', () => early.doc.getMap('map').size === author.doc.getMap('map').size);
  await server.terminate();
  await server.launch();
  const fresh = await exported(join, 'plan');

  // yjs drops the key `__proto__`, for one.
  const expected = replay(author.made).getMap('map');
  return [early, fresh].flatMap(({ doc }) => {
    const map = doc.getMap('map');
    return Object.keys(values).flatMap((name) => {
      const [is, should] = [map.get(name), expected.get(name)];
      return isDeepStrictEqual(is, should) ? [] : [`${name}: ${inspect(is)}, not ${inspect(should)}`];
    });
  });
}

describe('a value', () => {
  test('is the same for the others and after a restart', async ({ server, join }) => {
    expect(await differing(VALUES, server, join)).toEqual([]);
  });

  for (const [name, value] of Object.entries(CHANGED)) {
    test.fails(`is so even when it is a ${name}`, async ({ server, join }) => {
      expect(await differing({ [name]: value }, server, join)).toEqual([]);
    });
  }
});
