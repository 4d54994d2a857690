import { type Cell, cellOf } from './address.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Why a formula has no value, as the cell shows it. */
export class FormulaError extends Error {}

/** Parentheses inside each other. */
const MAX_DEPTH = 32;

const FUNCTIONS: Readonly<Record<string, (numbers: readonly number[]) => number>> = {
  SUM: sumOf,
  AVERAGE: (numbers) => sumOf(numbers) / numbers.length,
  MIN: (numbers) => numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY),
  MAX: (numbers) => numbers.reduce((most, number) => Math.max(most, number), Number.NEGATIVE_INFINITY),
  COUNT: (numbers) => numbers.length,
};

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/**
 * The value of what follows the equals sign. `numberIn` gives the number in a cell, or undefined where there is none.
 *
 * @throws FormulaError when there is none.
 */
export function evaluate(formula: string, numberIn: (cell: Cell) => number | undefined): number {
  const tokens = tokensOf(formula);
  if (!tokens) {
    throw new FormulaError('#SYNTAX');
  }
  const value = new Parser(tokens, numberIn).whole();
  if (!Number.isFinite(value)) {
    throw new FormulaError('#NUMBER');
  }
  return value;
}

/** Reads from left to right: sums of products of powers. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #numberIn: (cell: Cell) => number | undefined;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], numberIn: (cell: Cell) => number | undefined) {
    this.#tokens = tokens;
    this.#numberIn = numberIn;
  }

  whole(): number {
    const value = this.#sum();
    if (this.#at < this.#tokens.length) {
      throw new FormulaError('#SYNTAX');
    }
    return value;
  }

  #sum(): number {
    let value = this.#product();
    for (;;) {
      if (this.#takes('+')) {
        value += this.#product();
      } else if (this.#takes('-')) {
        value -= this.#product();
      } else {
        return value;
      }
    }
  }

  #product(): number {
    let value = this.#power();
    for (;;) {
      if (this.#takes('*')) {
        value *= this.#power();
      } else if (this.#takes('/')) {
        value /= this.#power();
      } else {
        return value;
      }
    }
  }

  #power(): number {
    const base = this.#signed();
    return this.#takes('^') ? base ** this.#signed() : base;
  }

  #signed(): number {
    let sign = 1;
    while (this.#takes('-')) {
      sign = -sign;
    }
    return sign * this.#single();
  }

  #single(): number {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'number') {
      return token.value;
    }
    if (token?.kind === 'name') {
      const operation = FUNCTIONS[token.name];
      return operation ? operation(this.#list()) : (this.#numberIn(cellNamed(token.name)) ?? 0);
    }
    if (token?.sign === '(') {
      return this.#inside(() => this.#sum());
    }
    throw new FormulaError('#SYNTAX');
  }

  /** What a function is given: numbers, cells and ranges such as B2:B5. */
  #list(): readonly number[] {
    this.#needs('(');
    return this.#inside(() => {
      const numbers: number[] = [];
      do {
        numbers.push(...this.#argument());
      } while (this.#takes(',') || this.#takes(';'));
      return numbers;
    });
  }

  #argument(): readonly number[] {
    const [first, colon, last] = this.#tokens.slice(this.#at, this.#at + 3);
    const isRange =
      first?.kind === 'name' && colon?.kind === 'sign' && colon.sign === ':' && last?.kind === 'name';
    if (!isRange) {
      return [this.#sum()];
    }
    this.#at += 3;
    return cellsBetween(cellNamed(first.name), cellNamed(last.name)).flatMap(
      (cell) => this.#numberIn(cell) ?? [],
    );
  }

  #inside<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw new FormulaError('#SYNTAX');
    }
    const value = read();
    this.#depth -= 1;
    this.#needs(')');
    return value;
  }

  #takes(sign: string): boolean {
    const token = this.#tokens[this.#at];
    const isThere = token?.kind === 'sign' && token.sign === sign;
    this.#at += Number(isThere);
    return isThere;
  }

  #needs(sign: string): void {
    if (!this.#takes(sign)) {
      throw new FormulaError('#SYNTAX');
    }
  }
}

function cellNamed(name: string): Cell {
  const cell = cellOf(name);
  if (!cell) {
    throw new FormulaError('#NAME');
  }
  return cell;
}

function cellsBetween(a: Cell, b: Cell): readonly Cell[] {
  const cells: Cell[] = [];
  for (let row = Math.min(a.row, b.row); row <= Math.max(a.row, b.row); row += 1) {
    for (let column = Math.min(a.column, b.column); column <= Math.max(a.column, b.column); column += 1) {
      cells.push({ row, column });
    }
  }
  return cells;
}
