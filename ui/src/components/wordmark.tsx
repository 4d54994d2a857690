import type { ReactElement } from 'react';
import style from './wordmark.module.css';

/** The product's name, behind a pointer in one's own colour. */
export function Wordmark(): ReactElement {
  return (
    <span className={style.wordmark}>
      <svg width="17" height="19" viewBox="0 0 18 20" aria-hidden="true">
        <path d="M1 1l5.2 16 3.1-6.6L16 8.2z" fill="var(--you)" />
      </svg>
      collabd
    </span>
  );
}
