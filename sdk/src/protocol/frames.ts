import type { ClientMessage, ServerMessage } from './index.ts';

/** The text frame of one message. */
export function encodeMessage(message: ClientMessage): string {
  return JSON.stringify(message);
}

/**
 * The messages of a text frame, in order: the frame holds one, or an array of them. Messages of a `type` that this
 * version does not know are among them; readers skip what they do not handle.
 *
 * @throws SyntaxError when the frame is no JSON.
 */
export function decodeFrame(text: string): ServerMessage[] {
  const frame: unknown = JSON.parse(text);
  return (Array.isArray(frame) ? frame : [frame]) as ServerMessage[];
}
