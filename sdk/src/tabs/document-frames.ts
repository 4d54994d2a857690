import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

export { type DocumentMessage, decodeDocumentFrame, encodeDocumentFrame } from '../documents/messages.ts';

const AWARENESS_QUERY = 3;
const SAVED = 101;

type Bytes = Uint8Array<ArrayBuffer>;

/** One editor of a document, and how often it has announced itself. */
export interface Editor {
  readonly client: number;
  readonly clock: number;
}

/** Asks the server who edits the document `id`. */
export function encodeAwarenessQuery(id: string): Bytes {
  return frame(id, (encoder) => encoding.writeVarUint(encoder, AWARENESS_QUERY));
}

/** Tells a tab that the first `count` of its messages about the document `id` are on disk. */
export function encodeSaved(id: string, count: number): Bytes {
  return frame(id, (encoder) => {
    encoding.writeVarUint(encoder, SAVED);
    encoding.writeVarUint(encoder, count);
    encoding.writeVarUint8Array(encoder, new Uint8Array([0]));
  });
}

/** The awareness update that says that these editors have gone. */
export function encodeDepartures(editors: readonly Editor[]): Bytes {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, editors.length);
    for (const { client, clock } of editors) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, 'null');
    }
  }) as Bytes;
}

/** The editors that an awareness update is about. */
export function readEditors(update: Uint8Array): Editor[] {
  const decoder = decoding.createDecoder(update);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => {
    const editor = { client: decoding.readVarUint(decoder), clock: decoding.readVarUint(decoder) };
    decoding.readVarString(decoder);
    return editor;
  });
}

function frame(id: string, write: (encoder: encoding.Encoder) => void): Bytes {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, id);
    write(encoder);
  }) as Bytes;
}
