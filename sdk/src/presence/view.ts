import type { DocumentType, PositionOf, Presence } from '../protocol/index.ts';
import type { CursorPlace, PresenceState } from './state.ts';

/** Another user's cursor. Its `documentType` tells the type of its position. */
export type Cursor<T extends DocumentType = DocumentType> = T extends DocumentType ? CursorIn<T> : never;

interface CursorIn<T extends DocumentType> extends CursorPlace {
  /** Whose cursor: name and colour to draw it with. */
  readonly user: Presence;
  readonly documentType: T;
  readonly position: PositionOf<T>;
}

/** What people look at: the state without oneself, in a stable order. */
export interface PresenceView {
  /** Oneself, once the session has joined. */
  readonly self: Presence | undefined;
  /** Everybody else, the longest here first. */
  readonly others: readonly Presence[];
  /** The others' cursors by document id. */
  readonly cursors: ReadonlyMap<string, readonly Cursor[]>;
}

/** The view of nobody. */
export const EMPTY_VIEW: PresenceView = { self: undefined, others: [], cursors: new Map() };

/** The view of `state` for the user `userId`. Parts that are as in `previous` keep their reference. */
export function viewPresence(state: PresenceState, userId: string, previous: PresenceView): PresenceView {
  const self = state.users.get(userId);
  const others = [...state.users.values()].filter((user) => user !== self).sort(byArrival);
  const cursors = new Map<string, readonly Cursor[]>();
  for (const [documentId, places] of state.cursors) {
    const known = previous.cursors.get(documentId) ?? [];
    const visible = [...places.values()].flatMap((place) => toCursor(place, state, userId, known));
    if (visible.length > 0) {
      cursors.set(documentId, sameItems(known, visible) ? known : visible);
    }
  }
  return {
    self,
    others: sameItems(previous.others, others) ? previous.others : others,
    cursors: sameItems([...previous.cursors.values()], [...cursors.values()]) ? previous.cursors : cursors,
  };
}

function toCursor(
  place: CursorPlace,
  state: PresenceState,
  userId: string,
  known: readonly Cursor[],
): Cursor[] {
  const user = state.users.get(place.userId);
  if (!user || place.userId === userId) {
    return [];
  }
  const same = known.find((cursor) => cursor.user === user && cursor.position === place.position);
  return [same?.selectedNodeId === place.selectedNodeId && same ? same : ({ ...place, user } as Cursor)];
}

function byArrival(a: Presence, b: Presence): number {
  return Date.parse(a.joinedAt) - Date.parse(b.joinedAt) || (a.userId < b.userId ? -1 : 1);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
