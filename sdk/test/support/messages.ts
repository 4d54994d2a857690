import type { DocumentPresence, Presence, ServerMessage, ServerMessageOf } from '../../src/index.ts';

const TIME = '2025-06-01T12:00:00Z';

/** A user as the server tells it. */
export function presence(userId: string, changes: Partial<Presence> = {}): Presence {
  return {
    userId,
    userName: userId.toUpperCase(),
    avatarColor: '#6E56CF',
    isAgent: false,
    isOnline: true,
    status: 'active',
    joinedAt: TIME,
    lastActive: TIME,
    sessions: 1,
    documents: {},
    ...changes,
  };
}

/** A user in a canvas, with a cursor there if `x` is given. */
export function inCanvas(x?: number): DocumentPresence {
  return {
    documentType: 'canvas',
    lastActiveInDocument: TIME,
    ...(x !== undefined && { position: { type: 'canvas', x, y: 0 } }),
  };
}

/** The snapshot of a project with these users. */
export function bulkPresence(...data: Presence[]): ServerMessageOf<'bulk_presence'> {
  return { type: 'bulk_presence', data, projectId: 1, sessionId: 'a-1', serverTime: TIME };
}

/** A move in the canvas `plan`. */
export function cursorUpdate(
  userId: string,
  x: number,
  documentId = 'plan',
): ServerMessageOf<'cursor_update'> {
  return {
    type: 'cursor_update',
    data: {
      userId,
      sessionId: 'b-1',
      documentId,
      documentType: 'canvas',
      position: { type: 'canvas', x, y: 0 },
    },
  };
}

/** Everybody in the canvas `plan`. */
export function documentActivity(...cursors: Record<string, number | undefined>[]): ServerMessage {
  const activeUsers = cursors.flatMap((entry) =>
    Object.entries(entry).map(([userId, x]) => ({
      userId,
      userName: userId.toUpperCase(),
      avatarColor: '#6E56CF',
      ...(x !== undefined && { position: { type: 'canvas' as const, x, y: 0 } }),
    })),
  );
  return { type: 'document_activity', data: { documentId: 'plan', documentType: 'canvas', activeUsers } };
}

/** A refusal. */
export function refusal(changes: Partial<ServerMessageOf<'error'>>): ServerMessageOf<'error'> {
  return { type: 'error', code: 'bad_request', message: 'no', temporary: false, ...changes };
}
