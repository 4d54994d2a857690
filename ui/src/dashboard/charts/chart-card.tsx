import { lazy, type ReactElement, Suspense, useId, useMemo } from 'react';
import { Explained } from '../explained.tsx';
import { lineOf, type Point } from '../metrics/history.ts';
import { format } from '../units.ts';
import style from './chart.module.css';
import { usePointed } from './hover.ts';
import { colorOf, MOST_LINES } from './palette.ts';
import type { ChartSpec } from './specs.ts';

// Its library is only needed here, and figures are there before it.
const Chart = lazy(() => import('./chart.tsx').then((chart) => ({ default: chart.Chart })));

export interface ChartCardProps {
  readonly spec: ChartSpec;
  readonly points: readonly Point[];
  readonly seconds: number;
}

interface Line {
  readonly name: string;
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** One chart with what it means and its values in words. */
export function ChartCard({ spec, points, seconds }: ChartCardProps): ReactElement {
  const title = useId();
  const lines = useMemo(() => linesOf(spec, points), [spec, points]);
  const columns = useMemo(
    () => [points.map(({ at }) => at), ...lines.map(({ values }) => values)] as const,
    [points, lines],
  );
  const pointed = usePointed();
  const at = pointed !== undefined && pointed < points.length ? pointed : points.length - 1;
  return (
    <figure className={style.card} aria-labelledby={title} data-testid={`chart-${spec.id}`}>
      <figcaption id={title}>
        <Explained label={spec.title} meaning={spec.meaning} className={style.title} />
      </figcaption>
      <div className={style.plot} aria-hidden="true">
        <Suspense>
          <Chart columns={columns} unit={spec.unit} seconds={seconds} />
        </Suspense>
        {spec.none && points.length > 0 && lines.length === 0 && <p className={style.none}>{spec.none}</p>}
      </div>
      <ul className={style.legend}>
        {lines.map(({ name, label, values }, line) => (
          <li key={name} className={style.line}>
            <span className={style.swatch} style={{ background: colorOf(line) }} aria-hidden="true" />
            {label} <span className={style.value}>{format(values[at], spec.unit)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function linesOf({ lines, family }: ChartSpec, points: readonly Point[]): readonly Line[] {
  const fixed = lines.map(({ name, label }) => ({ name, label, values: lineOf(points, name, null) }));
  if (family === undefined) {
    return fixed;
  }
  const names = new Set(points.flatMap(({ values }) => [...values.keys()]));
  return [...names]
    .filter((name) => name.startsWith(family))
    .map((name) => ({
      name,
      label: name.slice(family.length).replaceAll('_', ' '),
      values: lineOf(points, name, 0),
    }))
    .filter(({ values }) => values.some(Boolean))
    .slice(0, MOST_LINES);
}
