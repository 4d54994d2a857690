import { type Column, renderTextEditor } from 'react-data-grid';
import { COLUMNS, columnName } from './address.ts';
import { CELL, NAMES } from './geometry.ts';
import type { Sheet } from './sheet.ts';
import style from './spreadsheet.module.css';

/** A row as the grid keeps it: what was typed, under the names of its columns. */
export interface Row {
  readonly index: number;
  readonly [column: string]: string | number;
}

/** The columns of a sheet, and the numbers of its rows before them. */
export function columnsOf(sheet: Sheet, isReadOnly: boolean): readonly Column<Row>[] {
  return [
    {
      key: 'number',
      name: '',
      width: NAMES.width,
      minWidth: NAMES.width,
      frozen: true,
      cellClass: style.number,
      renderCell: ({ row }) => row.index + 1,
    },
    ...Array.from({ length: COLUMNS }, (_, column) => ({
      key: columnName(column),
      name: columnName(column),
      width: CELL.width,
      editable: !isReadOnly,
      headerCellClass: style.name,
      renderEditCell: renderTextEditor,
      renderCell({ row }: { row: Row }) {
        const { text, kind } = sheet.shown({ row: row.index, column });
        return (
          <span className={style.value} data-kind={kind}>
            {text}
          </span>
        );
      },
    })),
  ];
}

/** The rows of a sheet. */
export function rowsOf(sheet: Sheet, count: number): readonly Row[] {
  return Array.from({ length: count }, (_, index) => {
    const texts = Array.from({ length: COLUMNS }, (_unused, column) => [
      columnName(column),
      sheet.typed({ row: index, column }),
    ]);
    return { index, ...Object.fromEntries(texts) };
  });
}
