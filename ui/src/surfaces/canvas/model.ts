import { numbersOf, textOr } from '../../documents/fields.ts';
import type { Fields } from '../../documents/records.ts';

/** A box on the plane. */
export interface Box {
  readonly id: string;
  readonly label: string;
  /** Its upper left corner. */
  readonly at: readonly [x: number, y: number];
}

/** What connects two boxes. */
export interface Connection {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

export function parseBox(id: string, { label, at }: Fields): Box | undefined {
  const [x, y] = numbersOf(at, 2) ?? [];
  return x === undefined || y === undefined ? undefined : { id, label: textOr(label, ''), at: [x, y] };
}

export function parseConnection(id: string, { source, target }: Fields): Connection | undefined {
  return typeof source === 'string' && typeof target === 'string' ? { id, source, target } : undefined;
}
