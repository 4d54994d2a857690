import 'uplot/dist/uPlot.min.css';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { format, type Unit } from '../units.ts';
import style from './chart.module.css';
import { pointAtPoint } from './hover.ts';
import { type Palette, usePalette } from './palette.ts';

export interface ChartProps {
  /** Moments in seconds since 1970, then the values of each line. */
  readonly columns: readonly [readonly number[], ...(readonly (number | null)[])[]];
  readonly unit: Unit;
  /** How many seconds are shown, up to the last moment. */
  readonly seconds: number;
}

const HEIGHT = 150;
/** Charts that share one cursor. */
const SYNC = uPlot.sync('collabd');

/** Lines over time. What they mean is said beside it: a canvas says nothing to those who do not see it. */
export function Chart({ columns, unit, seconds }: ChartProps): ReactElement {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const palette = usePalette(element);
  const lines = columns.length - 1;
  const shown = useRef<uPlot>(undefined);
  const latest = useRef(columns);
  latest.current = columns;

  useEffect(() => {
    if (!element || !palette) {
      return;
    }
    const plot = new uPlot(
      optionsOf({ lines, unit, seconds, palette, width: element.clientWidth }),
      aligned(latest.current),
      element,
    );
    shown.current = plot;
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
      shown.current = undefined;
    };
  }, [element, palette, lines, unit, seconds]);

  useEffect(() => shown.current?.setData(aligned(columns)), [columns]);

  return <div ref={setElement} className={style.canvas} />;
}

function aligned(columns: ChartProps['columns']): uPlot.AlignedData {
  return columns as unknown as uPlot.AlignedData;
}

interface Look {
  readonly lines: number;
  readonly unit: Unit;
  readonly seconds: number;
  readonly palette: Palette;
  readonly width: number;
}

function optionsOf({ lines, unit, seconds, palette, width }: Look): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: palette.ink,
    font: '11px "Instrument Sans Variable", system-ui, sans-serif',
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, sync: { key: SYNC.key }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { range: (_, first, last) => timesOf(first ?? 0, last ?? 0, seconds) },
      y: { range: (_, __, most) => [0, ceilingOf(most, unit)] },
    },
    axes: [
      { ...axis, size: 22, gap: 4, space: 56, values: (_, moments) => moments.map(clockOf) },
      {
        ...axis,
        size: 52,
        gap: 4,
        space: 26,
        incrs: incrementsOf(unit),
        values: (_, values) => values.map((value) => format(value, unit)),
      },
    ],
    series: [
      {},
      ...Array.from({ length: lines }, (_, line) => ({
        stroke: palette.lines[line] ?? palette.ink,
        width: 1.75,
        points: { show: false },
        ...(lines === 1 && { fill: faint(palette.lines[0] ?? palette.ink) }),
      })),
    ],
    hooks: { setCursor: [(plot) => pointAtPoint(plot.cursor.idx ?? undefined)] },
  };
}

/** The time that is shown: it grows from half a minute to all that was asked for. */
function timesOf(first: number, last: number, seconds: number): [number, number] {
  return [Math.max(last - seconds, Math.min(first, last - 30)), last];
}

/** A little above the highest value, and never so low that a single thing fills the chart. */
function ceilingOf(most: number | null, unit: Unit): number {
  const least = { count: 4, perSecond: 4, bytes: 1_024, seconds: 0.002 }[unit];
  return Math.max(least, (Number.isFinite(most) ? (most ?? 0) : 0) * 1.1);
}

function incrementsOf(unit: Unit): number[] {
  if (unit === 'bytes') {
    return Array.from({ length: 40 }, (_, power) => 2 ** power);
  }
  const least = unit === 'seconds' ? -4 : 0;
  return Array.from({ length: 12 }, (_, at) => [1, 2, 5].map((step) => step * 10 ** (least + at))).flat();
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** The minute, and between minutes the second. */
function clockOf(moment: number): string {
  const second = moment % 60;
  return second === 0 ? clock.format(moment * 1_000) : `:${String(second).padStart(2, '0')}`;
}

function faint(color: string): string {
  return color.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.14)');
}
