import type { CloseName, ConnectionEnd, ConnectionState } from '@collabd/sdk';
import { expect, test } from 'vitest';
import { haltOf, wordsForWaiting } from '../../src/project/connection-words.ts';

function closed(name: CloseName, code: number): ConnectionEnd {
  return { kind: 'closed', code, name };
}

function waiting(end: ConnectionEnd, retryAt = 0): ConnectionState {
  return { phase: 'waiting', tries: 1, retryAt, end };
}

test('an end that is final says what happened and what one can do', () => {
  const remedies = (
    ['token_expired', 'forbidden', 'unauthenticated', 'revoked', 'project_deleted', 'superseded'] as const
  ).map((name) => haltOf({ phase: 'stopped', end: closed(name, 4500) })?.remedy);
  expect(remedies).toEqual(['token', 'token', 'token', 'leave', 'leave', 'retry']);
  expect(haltOf({ phase: 'stopped', end: closed('unknown', 4999) })?.remedy).toBe('retry');
});

test('whatever mends itself is no end', () => {
  const mending = [
    waiting({ kind: 'lost' }),
    waiting({ kind: 'silent' }),
    waiting(closed('going_away', 1001)),
  ];
  expect(mending.map(haltOf)).toEqual([undefined, undefined, undefined]);
  expect(haltOf({ phase: 'online' })).toBeUndefined();
});

test('a lost connection says when it is tried again', () => {
  expect(wordsForWaiting(waiting({ kind: 'lost' }, 12_000), 4_500)).toBe(
    'The connection is lost. Connecting again in 8 s.',
  );
  expect(wordsForWaiting(waiting(closed('going_away', 1001), 1_000), 500)).toBe(
    'The server restarts. Connecting again…',
  );
  expect(wordsForWaiting({ phase: 'connecting', tries: 0 }, 0)).toBeUndefined();
  expect(wordsForWaiting({ phase: 'online' }, 0)).toBeUndefined();
});
