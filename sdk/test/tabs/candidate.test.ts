import { expect, test } from 'vitest';
import { createCandidate } from '../../src/tabs/candidate.ts';
import type { Locks } from '../../src/tabs/locks.ts';
import { createLocks } from '../support/locks.ts';

/** A tab of a browser with these locks, and whether it leads. */
function tabOf(locks: Locks) {
  const tab = { leads: 0, ends: 0, finish: () => {} };
  const candidate = createCandidate(locks, 'lead', (finished) => {
    tab.leads += 1;
    tab.finish = finished;
    return {
      end() {
        tab.ends += 1;
      },
    };
  });
  return Object.assign(tab, candidate);
}

/** Lets everything happen that is due: each step of a lock is some promises. */
async function settle(): Promise<void> {
  for (let step = 0; step < 20; step += 1) {
    await Promise.resolve();
  }
}

test('one tab leads, and the next one when it has finished', async () => {
  const locks = createLocks();
  const [first, second] = [tabOf(locks), tabOf(locks)];
  first.stand();
  second.stand();
  await settle();
  expect([first.leads, second.leads]).toEqual([1, 0]);
  first.finish();
  await settle();
  expect([first.leads, first.ends, second.leads]).toEqual([1, 1, 1]);
  second.finish();
  await settle();
  expect([first.leads, second.leads]).toEqual([2, 1]);
});

test('a tab that stands no more never leads, and one that leads goes on', async () => {
  const locks = createLocks();
  const [first, second] = [tabOf(locks), tabOf(locks)];
  const rest = first.stand();
  const restToo = second.stand();
  await settle();
  rest();
  restToo();
  await settle();
  expect([first.leads, first.ends]).toEqual([1, 0]);
  first.finish();
  await settle();
  expect([first.leads, second.leads]).toEqual([1, 0]);
});

test('a tab that takes over leads once, and the other one leads no more', async () => {
  const locks = createLocks();
  const [first, second] = [tabOf(locks), tabOf(locks)];
  const rest = first.stand();
  const restToo = second.stand();
  await settle();
  second.takeOver();
  second.takeOver();
  await settle();
  expect([first.leads, first.ends, second.leads]).toEqual([1, 1, 1]);
  rest();
  restToo();
  second.finish();
  await settle();
  expect([first.leads, second.leads, second.ends]).toEqual([1, 1, 1]);
});
