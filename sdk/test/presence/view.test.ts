import { expect, test } from 'vitest';
import { applyDelta, applySnapshot, EMPTY_PRESENCE, EMPTY_VIEW, viewPresence } from '../../src/index.ts';
import { bulkPresence, cursorUpdate, inCanvas, presence } from '../support/messages.ts';

const bob = presence('bob', { documents: { plan: inCanvas(1), notes: inCanvas(2) } });
const STATE = applySnapshot(
  EMPTY_PRESENCE,
  bulkPresence(
    bob,
    presence('ada', { documents: { plan: inCanvas(9) } }),
    presence('eve', { joinedAt: '2025-06-01T11:00:00.5Z' }),
  ),
);
const VIEW = viewPresence(STATE, 'ada', EMPTY_VIEW);

test('the others are everybody but oneself, the longest here first', () => {
  expect(VIEW.self?.userId).toBe('ada');
  expect(VIEW.others.map((user) => user.userId)).toEqual(['eve', 'bob']);
});

test('a cursor knows whose it is, and oneself has none', () => {
  expect(VIEW.cursors.get('plan')).toEqual([
    {
      userId: 'bob',
      user: bob,
      documentId: 'plan',
      documentType: 'canvas',
      position: { type: 'canvas', x: 1, y: 0 },
    },
  ]);
});

test('a move changes the cursors of its document and nothing else', () => {
  const view = viewPresence(applyDelta(STATE, cursorUpdate('bob', 5)), 'ada', VIEW);
  expect(view.others).toBe(VIEW.others);
  expect(view.cursors.get('notes')).toBe(VIEW.cursors.get('notes'));
  expect(view.cursors.get('plan')).not.toBe(VIEW.cursors.get('plan'));
});

test('the same state gives the same parts', () => {
  const view = viewPresence(STATE, 'ada', VIEW);
  expect(view.others).toBe(VIEW.others);
  expect(view.cursors).toBe(VIEW.cursors);
});
