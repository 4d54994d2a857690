import { describe, expect, test } from 'vitest';
import { measure } from '../../src/dashboard/charts/specs.ts';
import { countOf, quantileOf, rateOf } from '../../src/dashboard/metrics/change.ts';
import { extend, lineOf, NOTHING } from '../../src/dashboard/metrics/history.ts';
import { parseMetrics } from '../../src/dashboard/metrics/parse.ts';
import { Reading } from '../../src/dashboard/metrics/reading.ts';

const moves = (reading: Reading) => reading.value('moves_total');

/** What a process that began at `startedAt` says `uptime` seconds later. */
function reading(uptime: number, lines: readonly string[] = [], startedAt = 1_000): Reading {
  const time = [`collabd_start_time_seconds ${startedAt}`, `collabd_uptime_seconds ${uptime}`];
  return new Reading([...time, ...lines, '# EOF'].join('\n'));
}

describe('the text format', () => {
  test('numbers are read with their labels, and all else is left out', () => {
    const samples = parseMetrics(
      [
        '# HELP moves Moves.',
        '# TYPE moves counter',
        'moves_total 17',
        'refused_total{reason="full"} 2',
        'refused_total{reason="origin",where="here"} 3 1700000000',
        'wait_bucket{le="+Inf"} 4',
        'least -Inf',
        'tiny 1.5e-3',
        'nonsense',
        'none ',
        '9bad 1',
        '# EOF',
      ].join('\n'),
    );
    expect([...samples.keys()]).toEqual(['moves_total', 'refused_total', 'wait_bucket', 'least', 'tiny']);
    expect(samples.get('refused_total')).toEqual([
      { labels: { reason: 'full' }, value: 2 },
      { labels: { reason: 'origin', where: 'here' }, value: 3 },
    ]);
    expect(samples.get('least')?.[0]?.value).toBe(Number.NEGATIVE_INFINITY);
    expect(samples.get('tiny')?.[0]?.value).toBe(0.0015);
  });

  test('what is escaped in a label is what was meant', () => {
    const samples = parseMetrics(String.raw`m{a="say \"hi\", {x}",b="back\\slash",c="two\nlines"} 1`);
    expect(samples.get('m')?.[0]?.labels).toEqual({ a: 'say "hi", {x}', b: 'back\\slash', c: 'two\nlines' });
  });

  test('what does not say the server’s time is no reading', () => {
    expect(() => new Reading('<html>')).toThrow('no metrics');
  });
});

describe('changes', () => {
  test('a rate is taken over the server’s own time', () => {
    expect(rateOf(reading(10, ['moves_total 100']), reading(12.5, ['moves_total 150']), moves)).toBe(20);
  });

  test('a counter that appears began from nothing', () => {
    expect(rateOf(reading(10), reading(12, ['moves_total 4']), moves)).toBe(2);
    expect(rateOf(reading(10), reading(12), moves)).toBeUndefined();
  });

  test('a restarted server has no rate, and never a negative one', () => {
    const before = reading(500, ['moves_total 900']);
    expect(rateOf(before, reading(1, ['moves_total 3'], 2_000), moves)).toBeUndefined();
    expect(rateOf(before, reading(600, ['moves_total 1000'], 2_000), moves)).toBeUndefined();
    expect(rateOf(before, reading(501, ['moves_total 3']), moves)).toBeUndefined();
    expect(rateOf(before, reading(500, ['moves_total 900']), moves)).toBeUndefined();
    expect(rateOf(undefined, before, moves)).toBeUndefined();
  });

  test('what rarely happens is counted over a time', () => {
    const earlier = [100, 120, 140, 160].map((uptime) => reading(uptime, [`moves_total ${uptime}`]));
    expect(countOf(earlier, reading(200, ['moves_total 200']), 60, moves)).toBe(60);
    expect(countOf(earlier, reading(201, ['moves_total 201']), 60, moves)).toBe(61);
    // As far as is known.
    expect(countOf(earlier, reading(300, ['moves_total 300']), 300, moves)).toBe(300);
    expect(countOf([reading(290, ['moves_total 5'])], reading(300, ['moves_total 7']), 60, moves)).toBe(2);
    expect(countOf([], reading(300, ['moves_total 7']), 60, moves)).toBeUndefined();
    // All that a young process has counted is of this time.
    expect(countOf(earlier, reading(30, ['moves_total 7'], 2_000), 60, moves)).toBe(7);
  });

  test('a quantile is the bound that enough observations keep', () => {
    const buckets = (...counts: number[]) =>
      ['0.001', '0.01', '+Inf'].map((le, at) => `wait_bucket{le="${le}"} ${counts[at]}`);
    const before = reading(10, buckets(1000, 1000, 1000));
    const after = reading(12, buckets(1060, 1098, 1100));
    expect(quantileOf(before, after, 'wait', 0.5)).toBe(0.001);
    expect(quantileOf(before, after, 'wait', 0.98)).toBe(0.01);
    expect(quantileOf(before, after, 'wait', 0.99)).toBe(Number.POSITIVE_INFINITY);
    expect(quantileOf(before, reading(12, buckets(1000, 1000, 1000)), 'wait', 0.5)).toBeUndefined();
  });
});

describe('the history', () => {
  const measured = (now: Reading) => new Map([['moves', moves(now) ?? 0]]);

  test('a time in which nobody looked is a gap', () => {
    let history = NOTHING;
    for (const uptime of [10, 12, 60, 62]) {
      history = extend(history, reading(uptime, [`moves_total ${uptime}`]), measured);
    }
    expect(history.points.map(({ at }) => at)).toEqual([1010, 1012, 1013, 1060, 1062]);
    expect(lineOf(history.points, 'moves', 0)).toEqual([10, 12, null, 60, 62]);
    expect(lineOf(history.points, 'other', 0)).toEqual([0, 0, null, 0, 0]);
  });

  test('it has a bound', () => {
    let history = NOTHING;
    for (let uptime = 0; uptime < 4_000; uptime += 2) {
      history = extend(history, reading(uptime), measured);
    }
    expect(history.points.length).toBe(900);
    expect(history.readings.length).toBeLessThan(70);
  });

  test('what has not been counted yet has a rate of none', () => {
    const history = extend(extend(NOTHING, reading(1), measure), reading(3), measure);
    expect(history.points.map(({ values }) => values.get('in'))).toEqual([undefined, 0]);
  });

  test('a restarted server goes on in the same charts', () => {
    let history = extend(NOTHING, reading(500, ['collabd_messages_total{kind="ping"} 9']), measure);
    history = extend(history, reading(1, ['collabd_messages_total{kind="ping"} 2'], 1_503), measure);
    expect(lineOf(history.points, 'in', null)).toEqual([null, null]);
    history = extend(history, reading(3, ['collabd_messages_total{kind="ping"} 6'], 1_503), measure);
    expect(lineOf(history.points, 'in', null)).toEqual([null, null, 2]);
  });
});
