import { numbersOf, textOr } from '../../documents/fields.ts';
import type { Fields } from '../../documents/records.ts';

export type Vector = readonly [x: number, y: number, z: number];

export const FORMS = ['box', 'ball', 'cone', 'cylinder'] as const;
export type Form = (typeof FORMS)[number];

/** A body in the scene. One unit is as high as a new one. */
export interface Solid {
  readonly id: string;
  readonly label: string;
  readonly form: Form;
  /** Its middle. */
  readonly at: Vector;
  /** Degrees about the axes. */
  readonly turn: Vector;
  /** The colour of whoever made it. */
  readonly color: string;
}

/** Units from the middle of the scene that anything may be. */
const FARTHEST = 1_000;

export function parseSolid(id: string, { label, form, at, turn, color }: Fields): Solid | undefined {
  const known = FORMS.find((one) => one === form);
  const place = vectorOf(at);
  if (!known || !place) {
    return undefined;
  }
  return {
    id,
    label: textOr(label, ''),
    form: known,
    at: place.map((value) => Math.min(Math.max(value, -FARTHEST), FARTHEST)) as unknown as Vector,
    turn: vectorOf(turn) ?? [0, 0, 0],
    color: typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? color : '#88847A',
  };
}

function vectorOf(value: unknown): Vector | undefined {
  const [x, y, z] = numbersOf(value, 3) ?? [];
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
}

/** `vector` with hundredths and no more. */
export function rounded([x, y, z]: Vector): Vector {
  return [roundOff(x), roundOff(y), roundOff(z)];
}

function roundOff(value: number): number {
  return Math.round(value * 100) / 100;
}

export function radiansOf([x, y, z]: Vector): [number, number, number] {
  return [(x * Math.PI) / 180, (y * Math.PI) / 180, (z * Math.PI) / 180];
}

export function degreesOf([x, y, z]: Vector): Vector {
  return [(x * 180) / Math.PI, (y * 180) / Math.PI, (z * 180) / Math.PI];
}
