import { describe, expect, test } from 'vitest';
import { applyDelta, EMPTY_PRESENCE, EMPTY_VIEW, type ServerMessage, viewPresence } from '../../src/index.ts';
import { decodeFrame, encodeMessage } from '../../src/protocol/frames.ts';
import type { ClientMessage } from '../../src/protocol/index.ts';
import { fixtures } from '../support/fixtures.ts';

/** Types of server messages; one that the fixtures do not know, or the other way round, fails below. */
const KINDS: Record<ServerMessage['type'], true> = {
  bulk_presence: true,
  user_joined: true,
  user_updated: true,
  user_left: true,
  cursor_update: true,
  document_activity: true,
  disconnect: true,
  token_expiring: true,
  role_changed: true,
  error: true,
  pong: true,
};

function onlyMessage(text: string): ServerMessage {
  const [message, ...more] = decodeFrame(text);
  if (!message || more.length > 0) {
    throw new Error('a fixture of one message holds one');
  }
  return message;
}

describe('server', () => {
  const messages = fixtures('server').map(({ name, text }) => ({ name, message: onlyMessage(text) }));

  test('every type of message has a fixture', () => {
    expect(new Set(messages.map(({ message }) => message.type))).toEqual(new Set(Object.keys(KINDS)));
  });

  test.each(messages)('$name is taken', ({ message }) => {
    const joined = applyDelta(EMPTY_PRESENCE, snapshotWith(message));
    const state = applyDelta(joined, message);
    const view = viewPresence(state, 'nobody', EMPTY_VIEW);
    if (message.type === 'bulk_presence') {
      expect(view.others.map((user) => user.userId).sort()).toEqual(
        message.data.map((user) => user.userId).sort(),
      );
    }
    if (message.type === 'user_joined' || message.type === 'user_updated') {
      expect(state.users.get(message.user.userId)).toEqual(message.user);
      expect([...view.cursors.values()].flat()).toHaveLength(
        Object.values(message.user.documents).filter(({ position }) => position).length,
      );
    }
    if (message.type === 'user_left') {
      expect(state.users.has(message.userId)).toBe(false);
    }
    if (message.type === 'cursor_update') {
      expect(view.cursors.get(message.data.documentId)).toMatchObject([{ position: message.data.position }]);
    }
    if (message.type === 'document_activity') {
      const { documentId, activeUsers } = message.data;
      expect(state.cursors.get(documentId)?.size).toBe(activeUsers.filter(({ position }) => position).length);
    }
  });
});

describe('batch', () => {
  test.each(fixtures('batch'))('$name is taken in order', ({ text }) => {
    const frame: unknown = JSON.parse(text);
    expect(decodeFrame(text)).toEqual(Array.isArray(frame) ? frame : [frame]);
  });
});

describe('client', () => {
  test.each(fixtures('client'))('$name is what is written', ({ text }) => {
    const message = JSON.parse(text) as ClientMessage;
    expect(JSON.parse(encodeMessage(message))).toEqual(message);
  });
});

/** A snapshot with the user that `message` is about, so that there is something to change. */
function snapshotWith(message: ServerMessage): ServerMessage {
  const userId =
    message.type === 'cursor_update'
      ? message.data.userId
      : message.type === 'user_left'
        ? message.userId
        : 'eve';
  const [text] = fixtures('server').flatMap(({ name, text }) => (name === 'user_joined' ? [text] : []));
  const joined = onlyMessage(text ?? '');
  if (joined.type !== 'user_joined') {
    throw new Error('user_joined holds a user_joined');
  }
  const data = [{ ...joined.user, userId, documents: {} }];
  return { type: 'bulk_presence', data, projectId: 1, sessionId: 'a-1', serverTime: joined.user.joinedAt };
}
