/** Columns of a sheet, named A to Z. */
export const COLUMNS = 26;
export const ROWS = 200;

/** A cell, counted from 0. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The name of a column: A for 0. */
export function columnName(column: number): string {
  return String.fromCharCode(65 + column);
}

/** The name of a cell, such as B3. */
export function cellName({ row, column }: Cell): string {
  return `${columnName(column)}${row + 1}`;
}

/** The cell of a name in capital letters, or undefined where a sheet has none. */
export function cellOf(name: string): Cell | undefined {
  const [, letter, digits] = /^([A-Z])([1-9]\d{0,2})$/.exec(name) ?? [];
  const row = Number(digits) - 1;
  return letter && row < ROWS ? { row, column: letter.charCodeAt(0) - 65 } : undefined;
}
