import { expect, test } from 'vitest';
import { applyDelta, applySnapshot, EMPTY_PRESENCE, type PresenceState } from '../../src/index.ts';
import { bulkPresence, cursorUpdate, documentActivity, inCanvas, presence } from '../support/messages.ts';

const JOINED = applySnapshot(
  EMPTY_PRESENCE,
  bulkPresence(presence('ada'), presence('bob', { documents: { plan: inCanvas(1) } })),
);

function positionOf(state: PresenceState, userId: string, documentId = 'plan'): unknown {
  return state.cursors.get(documentId)?.get(userId)?.position;
}

/** P4 */
test('a snapshot replaces all that was known', () => {
  const state = applySnapshot(JOINED, bulkPresence(presence('ada'), presence('eve')));
  expect([...state.users.keys()]).toEqual(['ada', 'eve']);
  expect(state.cursors.size).toBe(0);
});

test('a snapshot that repeats what is known keeps every reference', () => {
  const again = bulkPresence(presence('ada'), presence('bob', { documents: { plan: inCanvas(1) } }));
  const state = applySnapshot(JOINED, again);
  expect(state.users).toBe(JOINED.users);
  expect(state.cursors).toBe(JOINED.cursors);
});

/** P1 */
test('users come, change and go', () => {
  let state = applyDelta(JOINED, { type: 'user_joined', user: presence('eve') });
  state = applyDelta(state, { type: 'user_updated', user: presence('eve', { status: 'away' }) });
  expect(state.users.get('eve')?.status).toBe('away');
  state = applyDelta(state, { type: 'user_left', userId: 'bob', reason: 'left' });
  expect([...state.users.keys()]).toEqual(['ada', 'eve']);
  expect(positionOf(state, 'bob')).toBeUndefined();
});

/** C2 */
test('a move replaces the position and touches no user', () => {
  const state = applyDelta(JOINED, cursorUpdate('bob', 7));
  expect(positionOf(state, 'bob')).toEqual({ type: 'canvas', x: 7, y: 0 });
  expect(state.users).toBe(JOINED.users);
});

/** C1 */
test('a user who leaves a document has no cursor there any more', () => {
  const state = applyDelta(JOINED, { type: 'user_updated', user: presence('bob') });
  expect(positionOf(state, 'bob')).toBeUndefined();
});

test('the list of a document replaces its cursors', () => {
  let state = applyDelta(JOINED, cursorUpdate('eve', 3));
  state = applyDelta(state, documentActivity({ ada: undefined }, { eve: 4 }));
  expect(positionOf(state, 'bob')).toBeUndefined();
  expect(positionOf(state, 'eve')).toEqual({ type: 'canvas', x: 4, y: 0 });
});

test('a list that repeats the newest moves changes nothing', () => {
  const { data } = cursorUpdate('bob', 7);
  const moved = applyDelta(JOINED, { type: 'cursor_update', data: { ...data, timestamp: 12 } });
  expect(applyDelta(moved, documentActivity({ bob: 7 }))).toBe(moved);
});

test.each([
  { type: 'pong' } as const,
  { type: 'error', code: 'internal', message: 'no', temporary: true } as const,
  { type: 'disconnect', reason: 'going_away', code: 1001 } as const,
  { type: 'of_a_later_version' } as never,
  { type: 'user_left', userId: 'nobody', reason: 'left' } as const,
  { type: 'user_updated', user: presence('bob', { documents: { plan: inCanvas(1) } }) } as const,
])('$type that says nothing new keeps the reference', (message) => {
  expect(applyDelta(JOINED, message)).toBe(JOINED);
});

test('names that JavaScript has a meaning for are names like any other', () => {
  const user: unknown = JSON.parse(
    JSON.stringify(presence('__proto__')).replace(
      '"documents":{}',
      '"documents":{"__proto__":{"documentType":"canvas"}}',
    ),
  );
  const state = applyDelta(JOINED, { type: 'user_joined', user } as never);
  expect(state.users.get('__proto__')?.userName).toBe('__PROTO__');
});
