import type { DepartureReason } from '@collabd/sdk';
import { describe, expect, test } from 'vitest';
import { isEnd, wordsOf } from '../../src/dashboard/events/words.ts';
import type { RecordedEvent } from '../../src/dashboard/feed/api.ts';

/** The protocol's list: one that is missing is no such type. */
const REASONS: Readonly<Record<DepartureReason, true>> = {
  left: true,
  connection_lost: true,
  heartbeat_timeout: true,
  slow_consumer: true,
  misbehaved: true,
  revoked: true,
  project_deleted: true,
  server_shutdown: true,
};

function departed(more: Partial<RecordedEvent>): RecordedEvent {
  const known = { number: 1, at: '2026-01-31T12:00:00Z', times: 1, event: 'departed' };
  return { ...known, sessionId: '1-1', userId: 'ada', userName: 'Ada', ...more };
}

describe('departures', () => {
  test('every reason has words of its own', () => {
    const texts = Object.keys(REASONS).map((reason) => wordsOf(departed({ reason })).text);
    expect(texts.some((text) => text.includes('is gone'))).toBe(false);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('where the code says more than the reason, it has the word', () => {
    const kicked = wordsOf(departed({ reason: 'revoked', closeCode: 4508, closedBy: 'server' }));
    expect(kicked).toEqual({
      text: 'Ada was kicked',
      detail: 'revoked, 4508 by the server',
      tone: 'bad',
    });
    const reloaded = wordsOf(departed({ reason: 'connection_lost', closeCode: 1001, closedBy: 'client' }));
    expect(reloaded.text).toBe('Ada closed or reloaded the page');
    expect(wordsOf(departed({ reason: 'connection_lost', closedBy: 'client' })).detail).toBe(
      'connection_lost, closed by the client',
    );
    expect(wordsOf(departed({ reason: 'connection_lost' }))).toMatchObject({
      text: 'Ada lost the connection',
      detail: 'connection_lost',
    });
    const left = wordsOf(departed({ reason: 'left', closeCode: 1005, closedBy: 'client' }));
    expect(left.text).toBe('Ada left');
  });

  test('a code means what it means from whoever closed', () => {
    const pretender = departed({ reason: 'connection_lost', closeCode: 4508, closedBy: 'client' });
    expect(wordsOf(pretender)).toMatchObject({
      text: 'Ada lost the connection',
      detail: 'connection_lost, 4508 by the client',
    });
    const stopping = departed({ reason: 'server_shutdown', closeCode: 1001, closedBy: 'server' });
    expect(wordsOf(stopping).text).toBe('Ada was sent away, as the server stops');
  });

  test('what a newer server writes down is shown as it says it', () => {
    expect(wordsOf(departed({ reason: 'struck_by_lightning' })).text).toBe(
      'Ada is gone: struck_by_lightning',
    );
    expect(wordsOf(departed({ event: 'moved_house' })).text).toBe('moved house');
  });
});

test('kicks are told of whoever was meant', () => {
  const kicked = departed({ event: 'kicked' });
  const { userName, userId, ...bySession } = kicked;
  expect(wordsOf({ ...bySession, by: 'grace' }).text).toBe('grace kicked session 1-1');
  expect([isEnd(kicked), isEnd(departed({})), isEnd(departed({ event: 'joined' }))]).toEqual([
    true,
    true,
    false,
  ]);
});
