import type { ReactElement } from 'react';
import { Explained } from '../explained.tsx';
import style from './figures.module.css';

export interface FigureProps {
  /** For tests. */
  readonly id: string;
  readonly label: string;
  readonly meaning: string;
  readonly value: string;
  readonly detail?: string;
}

/** One number of now. */
export function Figure({ id, label, meaning, value, detail }: FigureProps): ReactElement {
  return (
    <li className={style.figure}>
      <Explained label={label} meaning={meaning} className={style.label} />
      <span className={style.value} data-testid={`figure-${id}`}>
        {value}
      </span>
      <span className={style.detail}>{detail}</span>
    </li>
  );
}
