import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** A message about one document, in either direction. `unknown` is of a later version. */
export type DocumentMessage =
  /** What the sender has; the answer is `step2` with what it lacks. */
  | { readonly type: 'step1'; readonly stateVector: Uint8Array }
  | { readonly type: 'step2'; readonly update: Uint8Array }
  | { readonly type: 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  /** A change was refused: the user may only read. */
  | { readonly type: 'denied'; readonly reason: string }
  /** The first `count` of this connection's `step2` and `update` are on disk. */
  | { readonly type: 'saved'; readonly count: number }
  /** The document is closed on this connection; from a client without a code. */
  | { readonly type: 'close'; readonly code?: number }
  | { readonly type: 'unknown' };

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const SAVED = 101;
const CLOSE = 102;
const SYNC_KINDS = ['step1', 'step2', 'update'] as const;
const PERMISSION_DENIED = 0;

/** What a client says. */
export type ClientDocumentMessage = Exclude<DocumentMessage, { type: 'denied' | 'saved' | 'unknown' }>;

/** The binary frame of a message about the document `id`. */
export function encodeDocumentFrame(id: string, message: ClientDocumentMessage): Uint8Array<ArrayBuffer> {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, id);
    switch (message.type) {
      case 'awareness':
        encoding.writeVarUint(encoder, AWARENESS);
        encoding.writeVarUint8Array(encoder, message.update);
        break;
      case 'close':
        encoding.writeVarUint(encoder, CLOSE);
        break;
      default:
        encoding.writeVarUint(encoder, SYNC);
        encoding.writeVarUint(encoder, SYNC_KINDS.indexOf(message.type));
        encoding.writeVarUint8Array(encoder, message.type === 'step1' ? message.stateVector : message.update);
    }
  }) as Uint8Array<ArrayBuffer>;
}

/**
 * The document and the message of a binary frame.
 *
 * @throws Error when the frame is cut short.
 */
export function decodeDocumentFrame(frame: Uint8Array): { id: string; message: DocumentMessage } {
  const decoder = decoding.createDecoder(frame);
  const id = decoding.readVarString(decoder);
  return { id, message: readMessage(decoder) };
}

function readMessage(decoder: decoding.Decoder): DocumentMessage {
  switch (decoding.readVarUint(decoder)) {
    case SYNC: {
      const type = SYNC_KINDS[decoding.readVarUint(decoder)];
      const bytes = decoding.readVarUint8Array(decoder);
      if (type === undefined) {
        return { type: 'unknown' };
      }
      return type === 'step1' ? { type, stateVector: bytes } : { type, update: bytes };
    }
    case AWARENESS:
      return { type: 'awareness', update: decoding.readVarUint8Array(decoder) };
    case AUTH:
      return decoding.readVarUint(decoder) === PERMISSION_DENIED
        ? { type: 'denied', reason: decoding.readVarString(decoder) }
        : { type: 'unknown' };
    case SAVED:
      return { type: 'saved', count: decoding.readVarUint(decoder) };
    case CLOSE:
      return decoding.hasContent(decoder)
        ? { type: 'close', code: decoding.readVarUint(decoder) }
        : { type: 'close' };
    default:
      return { type: 'unknown' };
  }
}
