import type {
  ClientMessage,
  CursorMoved,
  CursorPosition,
  CursorUpdate,
  DocumentType,
  ServerMessage,
} from './index.ts';
import { pack, unpack } from './msgpack.ts';

/** The first byte of every frame of messages; those of shared documents begin with another one. */
const MESSAGES = 0;

/** The fields of each type's positions, in the order in which a move has them. */
const FIELDS: Record<DocumentType, readonly string[]> = {
  canvas: ['x', 'y', 'zoom'],
  spreadsheet: ['row', 'column', 'sheet'],
  '3d': ['x', 'y', 'z', 'rotation', 'scale', 'viewport'],
  timeline: ['timestamp', 'track'],
  code_editor: ['line', 'column', 'file'],
};

/** What the numbers of a session and of a document stand for. */
type Introduction = Pick<CursorMoved, 'userId' | 'sessionId' | 'documentId' | 'documentType'>;
/** The session's number, the document's, and either an introduction or where the cursor is. */
type Move = [number, number, ...unknown[]];

/** The binary frame of one message. */
export function encodeCompact(message: ClientMessage): Uint8Array<ArrayBuffer> {
  return pack(message.type === 'cursor_update' ? moveOf(message.data) : message, [MESSAGES]);
}

function moveOf({ documentId, position, selectedNodeId, timestamp }: CursorUpdate): unknown[] {
  const fields = position as unknown as Record<string, unknown>;
  const values = FIELDS[position.type].map((name) => fields[name]);
  const move = [position.type, documentId, ...values, selectedNodeId, timestamp];
  while (move.at(-1) === undefined) {
    move.pop();
  }
  return move;
}

/**
 * Makes a reader of one connection's frames, which remembers what the numbers in moves stand for. It gives the messages of
 * a frame in order, or undefined when the frame holds something else.
 *
 * @throws RangeError or TypeError when a frame of messages is none of the protocol's.
 */
export function createCompactReader(): (frame: Uint8Array) => ServerMessage[] | undefined {
  const sessions = new Map<number, Introduction>();
  const documents = new Map<number, Introduction>();
  let own: string | undefined;

  function take(part: ServerMessage | Move): ServerMessage[] {
    if (!Array.isArray(part)) {
      heed(part);
      return [part];
    }
    const [session, document, ...values] = part;
    const introduction = values[0];
    if (typeof introduction === 'object') {
      sessions.set(session, introduction as Introduction);
      documents.set(document, introduction as Introduction);
      return [];
    }
    const who = sessions.get(session);
    const where = documents.get(document);
    // Whoever lags may miss an introduction. What was missed comes again.
    return who && where ? [{ type: 'cursor_update', data: movedTo(who, where, values) }] : [];
  }

  /** Forgets whoever is gone, so that a page may stay open for long. */
  function heed(message: ServerMessage): void {
    if (message.type === 'user_left') {
      for (const [number, { userId }] of sessions) {
        if (userId === message.userId) {
          sessions.delete(number);
        }
      }
    }
    if (message.type === 'bulk_presence' && message.sessionId !== own) {
      own = message.sessionId;
      sessions.clear();
      documents.clear();
    }
  }

  return (frame) =>
    frame[0] === MESSAGES ? (unpack(frame.subarray(1)) as (ServerMessage | Move)[]).flatMap(take) : undefined;
}

function movedTo(
  { userId, sessionId }: Introduction,
  { documentId, documentType }: Introduction,
  values: readonly unknown[],
): CursorMoved {
  const names = FIELDS[documentType];
  const told = names.flatMap((name, index) => (values[index] == null ? [] : [[name, values[index]]]));
  const [selectedNodeId, timestamp] = values.slice(names.length);
  return {
    userId,
    sessionId,
    documentId,
    documentType,
    position: Object.fromEntries([['type', documentType], ...told]) as CursorPosition,
    ...(selectedNodeId != null && { selectedNodeId: selectedNodeId as string }),
    ...(timestamp != null && { timestamp: timestamp as number }),
  };
}
