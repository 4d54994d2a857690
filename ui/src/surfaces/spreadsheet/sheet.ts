import { type Cell, cellName } from './address.ts';
import { evaluate, FormulaError } from './formula.ts';

/** What a cell shows. */
export interface Shown {
  readonly text: string;
  readonly kind: 'text' | 'number' | 'error';
}

/** A sheet at one moment: what was typed into its cells, and what these show. */
export interface Sheet {
  /** What was typed into a cell; empty for nothing. */
  typed(cell: Cell): string;
  shown(cell: Cell): Shown;
}

/** Digits that a number shows at most. */
const DIGITS = 10;
/** Cells that a cell may depend on one behind the other. */
const MAX_CHAIN = 500;

/** The sheet of what was typed, by the names of cells. */
export function createSheet(typed: ReadonlyMap<string, string>): Sheet {
  const known = new Map<string, number | FormulaError | undefined>();
  /** Cells whose formulas are being evaluated now. */
  const open = new Set<string>();

  /** The number in a cell, why there is none, or undefined for a text. */
  function valueIn(cell: Cell): number | FormulaError | undefined {
    const name = cellName(cell);
    if (known.has(name)) {
      return known.get(name);
    }
    const text = typed.get(name)?.trim() ?? '';
    const value = text.startsWith('=') ? formulaIn(name, text.slice(1)) : numberIn(text);
    known.set(name, value);
    return value;
  }

  function formulaIn(name: string, formula: string): number | FormulaError {
    if (open.has(name) || open.size >= MAX_CHAIN) {
      return new FormulaError('#CYCLE');
    }
    open.add(name);
    try {
      return evaluate(formula, numberOrThrow);
    } catch (error) {
      if (error instanceof FormulaError) {
        return error;
      }
      throw error;
    } finally {
      open.delete(name);
    }
  }

  function numberOrThrow(cell: Cell): number | undefined {
    const value = valueIn(cell);
    if (value instanceof FormulaError) {
      throw value;
    }
    return value;
  }

  return {
    typed: (cell) => typed.get(cellName(cell)) ?? '',
    shown(cell) {
      const text = typed.get(cellName(cell)) ?? '';
      const value = valueIn(cell);
      if (value instanceof FormulaError) {
        return { text: value.message, kind: 'error' };
      }
      if (value === undefined) {
        return { text, kind: 'text' };
      }
      return { text: text.trim().startsWith('=') ? format(value) : text, kind: 'number' };
    },
  };
}

function numberIn(text: string): number | undefined {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : undefined;
}

function format(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
