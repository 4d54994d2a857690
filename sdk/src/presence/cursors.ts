import type { CursorMoved, DocumentActivity, Presence } from '../protocol/index.ts';
import { sameJson } from './equal.ts';
import type { CursorPlace, DocumentCursors, PresenceState } from './state.ts';

type Cursors = PresenceState['cursors'];

/** A session moved. */
export function withMove(cursors: Cursors, move: CursorMoved): Cursors {
  const { sessionId: _, ...place } = move;
  return withPlace(cursors, place);
}

/** A user is told anew: the cursors of that user are those of the presence, and no others. */
export function withUser(cursors: Cursors, user: Presence): Cursors {
  const placed = new Map(placesOf(user).map((place) => [place.documentId, place]));
  let next = cursors;
  for (const documentId of cursors.keys()) {
    if (!placed.has(documentId)) {
      next = withoutPlace(next, documentId, user.userId);
    }
  }
  for (const place of placed.values()) {
    next = withPlace(next, place);
  }
  return next;
}

/** A user has left. */
export function withoutUser(cursors: Cursors, userId: string): Cursors {
  let next = cursors;
  for (const documentId of cursors.keys()) {
    next = withoutPlace(next, documentId, userId);
  }
  return next;
}

/** A document's list of users arrived: it replaces what was known of the document. */
export function withActivity(cursors: Cursors, activity: DocumentActivity): Cursors {
  const { documentId, documentType } = activity;
  const places = new Map<string, CursorPlace>();
  for (const { userId, position, selectedNodeId } of activity.activeUsers) {
    if (position) {
      places.set(userId, {
        userId,
        documentId,
        documentType,
        position,
        ...(selectedNodeId && { selectedNodeId }),
      });
    }
  }
  let next = cursors;
  for (const userId of cursors.get(documentId)?.keys() ?? []) {
    if (!places.has(userId)) {
      next = withoutPlace(next, documentId, userId);
    }
  }
  for (const place of places.values()) {
    next = withPlace(next, place);
  }
  return next;
}

function placesOf(user: Presence): CursorPlace[] {
  return Object.entries(user.documents).flatMap(([documentId, { documentType, position, selectedNodeId }]) =>
    position
      ? [
          {
            userId: user.userId,
            documentId,
            documentType,
            position,
            ...(selectedNodeId && { selectedNodeId }),
          },
        ]
      : [],
  );
}

function withPlace(cursors: Cursors, place: CursorPlace): Cursors {
  const document = cursors.get(place.documentId);
  const { timestamp: _, ...known } = document?.get(place.userId) ?? {};
  const { timestamp, ...told } = place;
  // The lists carry no timestamps: a list that only repeats a move changes nothing.
  if (timestamp === undefined ? sameJson(known, told) : sameJson(document?.get(place.userId), place)) {
    return cursors;
  }
  return new Map(cursors).set(place.documentId, new Map(document).set(place.userId, place));
}

function withoutPlace(cursors: Cursors, documentId: string, userId: string): Cursors {
  const document = cursors.get(documentId);
  if (!document?.has(userId)) {
    return cursors;
  }
  const rest: DocumentCursors = new Map([...document].filter(([id]) => id !== userId));
  const next = new Map(cursors).set(documentId, rest);
  if (rest.size === 0) {
    next.delete(documentId);
  }
  return next;
}
