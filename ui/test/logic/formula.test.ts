import { describe, expect, test } from 'vitest';
import { cellName, cellOf } from '../../src/surfaces/spreadsheet/address.ts';
import { createSheet } from '../../src/surfaces/spreadsheet/sheet.ts';

/** What `A1` shows in a sheet with these cells. */
function shown(cells: Record<string, string>): string {
  return createSheet(new Map(Object.entries(cells))).shown({ row: 0, column: 0 }).text;
}

describe('a formula', () => {
  test.each([
    ['=1+2*3', '7'],
    ['=(1+2)*3', '9'],
    ['=2^3/4-1', '1'],
    ['=-(2+3)', '-5'],
    ['= .5 + 1.25 ', '1.75'],
    ['=0.1+0.2', '0.3'],
    ['=sum(1,2;3)', '6'],
    ['=B1*2+c2', '24'],
    ['=SUM(B1:B3)', '17'],
    ['=SUM(B3:B1, 3)', '20'],
    ['=AVERAGE(B1:B3)', '8.5'],
    ['=MAX(B1:C2)-MIN(B1:C2)', '6'],
    ['=COUNT(B1:B3)', '2'],
    ['=SUM(Z1:Z9)', '0'],
  ])('%s shows %s', (formula, text) => {
    expect(shown({ A1: formula, B1: '10', B2: '7', B3: 'seven', C2: '4' })).toBe(text);
  });

  test.each([
    ['=1+', '#SYNTAX'],
    ['=1 2', '#SYNTAX'],
    ['=SUM(1', '#SYNTAX'],
    ['=%', '#SYNTAX'],
    ['=1/0', '#NUMBER'],
    ['=AVERAGE(Z1:Z9)', '#NUMBER'],
    ['=AA1', '#NAME'],
    ['=NOPE(1)', '#NAME'],
    ['=CONSTRUCTOR', '#NAME'],
    ['=A1', '#CYCLE'],
    ['=B1', '#CYCLE'],
    [`=${'('.repeat(500)}1${')'.repeat(500)}`, '#SYNTAX'],
  ])('%s shows %s', (formula, text) => {
    expect(shown({ A1: formula, B1: '=C1', C1: '=B1' })).toBe(text);
  });

  test('follows a chain of cells, and a chain without an end ends', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 199 }, (_, row) => [`A${row + 1}`, `=A${row + 2}+1`]),
    );
    expect(shown({ ...chain, A200: '1' })).toBe('200');
    const all = Object.fromEntries(
      [...'ABCDEFGH'].flatMap((letter, column) =>
        Array.from({ length: 200 }, (_, row) => [
          `${letter}${row + 1}`,
          row < 199 ? `=${letter}${row + 2}` : `=${'ABCDEFGHI'[column + 1]}1`,
        ]),
      ),
    );
    expect(shown(all)).toBe('#CYCLE');
  });
});

test('texts and numbers show what was typed', () => {
  expect(shown({ A1: 'Flour' })).toBe('Flour');
  expect(shown({ A1: '1.50' })).toBe('1.50');
  expect(shown({})).toBe('');
});

test('cells are named by letter and number', () => {
  expect(cellName({ row: 2, column: 1 })).toBe('B3');
  expect(cellOf('B3')).toEqual({ row: 2, column: 1 });
  for (const name of ['B0', 'B201', 'b3', 'AB3', '3B', '']) {
    expect(cellOf(name)).toBeUndefined();
  }
});
