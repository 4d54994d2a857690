import { CLOSE_CODES } from '../protocol/index.ts';
import type { CloseName, ConnectionEnd } from './state.ts';

/** What to do after an end: come back, come back a few times only, or stay away. */
export type Action = 'back off' | 'few tries' | 'stop';

type Row = { readonly name: CloseName; readonly action: Action | 'nothing' };

const TABLE: Readonly<Record<number, Row | undefined>> = CLOSE_CODES;

/** What a browser reports when no close frame arrived (1006), or one without a code (1005). */
const NO_CODE = [1005, 1006];

/** The end that a close event with `code` stands for. */
export function endOfClose(code: number): ConnectionEnd {
  return NO_CODE.includes(code)
    ? { kind: 'lost' }
    : { kind: 'closed', code, name: TABLE[code]?.name ?? 'unknown' };
}

/** What the protocol says to do after `end`. */
export function actionAfter(end: ConnectionEnd): Action {
  if (end.kind === 'refused') {
    return end.error.temporary ? 'back off' : 'stop';
  }
  if (end.kind !== 'closed') {
    return 'back off';
  }
  const action = TABLE[end.code]?.action ?? (end.code >= 4500 && end.code <= 4999 ? 'stop' : 'back off');
  // A normal close is the answer to ours, which nobody waits for any more. If the server begins it, it is final.
  return action === 'nothing' ? 'stop' : action;
}
