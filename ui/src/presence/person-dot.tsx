import type { ReactElement } from 'react';
import style from './person-dot.module.css';

export interface PersonDotProps {
  readonly name: string;
  readonly color: string;
}

/** A person where there is little room. */
export function PersonDot({ name, color }: PersonDotProps): ReactElement {
  return (
    <span className={style.dot} role="img" aria-label={name} title={name} style={{ background: color }} />
  );
}
