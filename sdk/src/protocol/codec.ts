import { createCompactReader, encodeCompact } from './compact.ts';
import { encodeMessage } from './frames.ts';
import type { ClientMessage, ServerMessage } from './index.ts';

/** Subprotocols of a project without documents: the compact form if the server has it, else JSON. */
export const PRESENCE_PROTOCOLS: readonly string[] = ['collab.v2.msgpack', 'collab.v2.batch'];

/** How messages are put into the frames of one connection. */
export interface Codec {
  /** The frame of one message. */
  encode(message: ClientMessage): string | Uint8Array<ArrayBuffer>;
  /** The messages of a binary frame; undefined when it holds none. */
  decodeBinary(frame: Uint8Array): ServerMessage[] | undefined;
}

/** JSON in text frames. */
export const JSON_CODEC: Codec = { encode: encodeMessage, decodeBinary: () => undefined };

/** What a connection speaks on which the server chose `protocol`. */
export function codecOf(protocol: string | undefined): Codec {
  return protocol?.startsWith('collab.v2.msgpack')
    ? { encode: encodeCompact, decodeBinary: createCompactReader() }
    : JSON_CODEC;
}
