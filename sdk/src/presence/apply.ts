import type { Presence, ServerMessage, ServerMessageOf } from '../protocol/index.ts';
import { withActivity, withMove, withoutUser, withUser } from './cursors.ts';
import { sameJson } from './equal.ts';
import type { PresenceState } from './state.ts';

/**
 * The state after a snapshot, which replaces all that was known of others. Users that are told as they were keep their
 * reference, so that a reconnect changes only what changed meanwhile.
 */
export function applySnapshot(
  state: PresenceState,
  snapshot: ServerMessageOf<'bulk_presence'>,
): PresenceState {
  const users = new Map(snapshot.data.map((user) => [user.userId, kept(state.users.get(user.userId), user)]));
  let { cursors } = state;
  for (const userId of state.users.keys()) {
    cursors = users.has(userId) ? cursors : withoutUser(cursors, userId);
  }
  for (const user of users.values()) {
    cursors = withUser(cursors, user);
  }
  return {
    sessionId: snapshot.sessionId,
    users: sameEntries(state.users, users) ? state.users : users,
    cursors,
  };
}

/**
 * The state after any message of the server, in the order of arrival. The same reference when the message changes
 * nothing, as with `pong`, `error` and types that this version does not know.
 */
export function applyDelta(state: PresenceState, message: ServerMessage): PresenceState {
  switch (message.type) {
    case 'bulk_presence':
      return applySnapshot(state, message);
    case 'user_joined':
    case 'user_updated':
      return withPresence(state, message.user);
    case 'user_left':
      return withDeparture(state, message.userId);
    case 'cursor_update':
      return withCursors(state, withMove(state.cursors, message.data));
    case 'document_activity':
      return withCursors(state, withActivity(state.cursors, message.data));
    default:
      return state;
  }
}

function withPresence(state: PresenceState, user: Presence): PresenceState {
  const known = state.users.get(user.userId);
  const next = kept(known, user);
  const users = next === known ? state.users : new Map(state.users).set(user.userId, next);
  const cursors = withUser(state.cursors, user);
  return users === state.users && cursors === state.cursors ? state : { ...state, users, cursors };
}

function withDeparture(state: PresenceState, userId: string): PresenceState {
  if (!state.users.has(userId)) {
    return state;
  }
  const users = new Map([...state.users].filter(([id]) => id !== userId));
  return { ...state, users, cursors: withoutUser(state.cursors, userId) };
}

function withCursors(state: PresenceState, cursors: PresenceState['cursors']): PresenceState {
  return cursors === state.cursors ? state : { ...state, cursors };
}

function kept(known: Presence | undefined, told: Presence): Presence {
  return known && sameJson(known, told) ? known : told;
}

function sameEntries<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
