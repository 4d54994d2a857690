/** A finite number, or `otherwise`. */
export function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** A text of at most 200 characters, or `otherwise`. */
export function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value.slice(0, 200) : otherwise;
}

/** `count` finite numbers, or nothing. */
export function numbersOf(value: unknown, count: number): readonly number[] | undefined {
  return Array.isArray(value) && value.length === count && value.every(Number.isFinite) ? value : undefined;
}
