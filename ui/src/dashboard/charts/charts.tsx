import { type ReactElement, useMemo, useState } from 'react';
import dashboard from '../dashboard.module.css';
import { useServer } from '../feed/use-server.ts';
import style from './chart.module.css';
import { ChartCard } from './chart-card.tsx';
import { CHARTS } from './specs.ts';

const RANGES = [
  { seconds: 120, label: '2 min' },
  { seconds: 600, label: '10 min' },
  { seconds: 1_800, label: '30 min' },
] as const;

/** How the server was, as long as the page has looked. */
export function Charts(): ReactElement {
  const { history } = useServer();
  const [seconds, setSeconds] = useState<number>(RANGES[0].seconds);
  const points = useMemo(() => {
    const last = history.points.at(-1)?.at ?? 0;
    // One more on the left, so that lines begin at the edge.
    const first = history.points.findIndex(({ at }) => at >= last - seconds);
    return history.points.slice(Math.max(0, first - 1));
  }, [history, seconds]);

  return (
    <section className={dashboard.section} aria-labelledby="charts">
      <div className={dashboard.head}>
        <h2 id="charts" className={dashboard.subtitle}>
          Over time
        </h2>
        <fieldset className={style.ranges} aria-label="Time shown">
          {RANGES.map((range) => (
            <button
              key={range.seconds}
              type="button"
              className={style.range}
              aria-pressed={range.seconds === seconds}
              onClick={() => setSeconds(range.seconds)}
            >
              {range.label}
            </button>
          ))}
        </fieldset>
      </div>
      <div className={style.charts}>
        {CHARTS.map((spec) => (
          <ChartCard key={spec.id} spec={spec} points={points} seconds={seconds} />
        ))}
      </div>
    </section>
  );
}
