import type { ReactElement } from 'react';
import { format } from './model.ts';
import style from './ruler.module.css';
import { markEvery, RULER } from './scale.ts';

export interface RulerProps {
  /** Milliseconds. */
  readonly length: number;
  readonly pixelsPerSecond: number;
}

/** The times above the tracks. */
export function Ruler({ length, pixelsPerSecond }: RulerProps): ReactElement {
  const every = markEvery(pixelsPerSecond);
  const marks = Array.from({ length: Math.ceil(length / every) }, (_, index) => index * every);
  return (
    <div className={style.ruler} style={{ height: RULER }} aria-hidden="true">
      {marks.map((time) => (
        <span key={time} className={style.mark} style={{ left: (time / 1_000) * pixelsPerSecond }}>
          {format(time)}
        </span>
      ))}
    </div>
  );
}
