import '@fontsource-variable/jetbrains-mono/wght.css';
import 'react-data-grid/lib/styles.css';
import { type ReactElement, type UIEvent, useEffect, useMemo, useRef, useState } from 'react';
import { type CellKeyboardEvent, type CellKeyDownArgs, DataGrid, type DataGridHandle } from 'react-data-grid';
import type { SurfaceProps } from '../../documents/surface.ts';
import { usePlace } from '../../presence/use-place.ts';
import { useFollowedCursor } from '../../project/follow.tsx';
import { type Cell, cellName, ROWS } from './address.ts';
import { CellFrames } from './cell-frames.tsx';
import { columnsOf, type Row, rowsOf } from './columns.tsx';
import { FormulaBar } from './formula-bar.tsx';
import { CELL, NAMES } from './geometry.ts';
import style from './spreadsheet.module.css';
import { useSheet } from './use-sheet.ts';

/** Columns before the first one of the sheet. */
const BEFORE = 1;

/** Rows and columns of texts, numbers and formulas. */
export function Spreadsheet({ documentId, doc, edits, isReadOnly }: SurfaceProps): ReactElement {
  const [sheet, type] = useSheet(doc, edits);
  const [chosen, setChosen] = useState<Cell>({ row: 0, column: 0 });
  const place = usePlace(documentId);
  const layer = useRef<HTMLDivElement>(null);
  const grid = useRef<DataGridHandle>(null);
  const columns = useMemo(() => columnsOf(sheet, isReadOnly), [sheet, isReadOnly]);
  const rows = useMemo(() => rowsOf(sheet, ROWS), [sheet]);
  const followed = useFollowedCursor(documentId, 'spreadsheet')?.position;

  useEffect(() => {
    if (followed) {
      grid.current?.scrollToCell({ idx: followed.column + BEFORE, rowIdx: followed.row });
    }
  }, [followed]);

  function choose(cell: Cell): void {
    setChosen(cell);
    place.point({ type: 'spreadsheet', ...cell });
    place.select(cellName(cell));
  }

  function changed(next: readonly Row[], indexes: readonly number[], name: string): void {
    const column = columns.findIndex(({ key }) => key === name) - BEFORE;
    type(indexes.map((row) => [{ row, column }, String(next[row]?.[name] ?? '')]));
  }

  /** What other spreadsheets do with these keys, and this grid does not. */
  function press(args: CellKeyDownArgs<Row>, event: CellKeyboardEvent): void {
    const { rowIdx, column } = args;
    if (!column || column.idx < BEFORE) {
      return;
    }
    if (args.mode === 'EDIT' && event.key === 'Enter') {
      event.preventGridDefault();
      args.onClose(true, true);
      grid.current?.setActivePosition({ idx: column.idx, rowIdx: Math.min(rowIdx + 1, ROWS - 1) });
    }
    if (args.mode === 'ACTIVE' && !isReadOnly && (event.key === 'Delete' || event.key === 'Backspace')) {
      event.preventGridDefault();
      type([[{ row: rowIdx, column: column.idx - BEFORE }, '']]);
    }
  }

  /** Puts a block of cells, as other spreadsheets copy it, at `from`. */
  function paste(from: Cell, text: string): void {
    const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
    type(
      lines.flatMap((line, down) =>
        line
          .split('\t')
          .map((one, right) => [{ row: from.row + down, column: from.column + right }, one] as const),
      ),
    );
  }

  function scrolled({ currentTarget: { scrollLeft, scrollTop } }: UIEvent<HTMLDivElement>): void {
    layer.current?.style.setProperty('transform', `translate(${-scrollLeft}px, ${-scrollTop}px)`);
  }

  return (
    <div className={style.spreadsheet}>
      <FormulaBar
        cell={chosen}
        text={sheet.typed(chosen)}
        isReadOnly={isReadOnly}
        onType={(text) => type([[chosen, text]])}
      />
      <div className={style.grid}>
        <DataGrid<Row>
          ref={grid}
          className={style.cells}
          aria-label="Cells"
          columns={columns}
          rows={rows}
          rowKeyGetter={(row) => row.index}
          rowHeight={CELL.height}
          headerRowHeight={NAMES.height}
          onRowsChange={(next, { indexes, column }) => changed(next, indexes, column.key)}
          onActivePositionChange={({ rowIdx, column }) =>
            rowIdx >= 0 &&
            column &&
            column.idx >= BEFORE &&
            choose({ row: rowIdx, column: column.idx - BEFORE })
          }
          onCellKeyDown={press}
          onCellCopy={({ row, column }, event) => {
            event.clipboardData.setData('text/plain', String(row[column.key] ?? ''));
            event.preventDefault();
          }}
          onCellPaste={({ row, column }, event) => {
            if (!isReadOnly && column.idx >= BEFORE) {
              paste(
                { row: row.index, column: column.idx - BEFORE },
                event.clipboardData.getData('text/plain'),
              );
            }
            return row;
          }}
          onScroll={scrolled}
        />
        <CellFrames documentId={documentId} layer={layer} />
      </div>
    </div>
  );
}
