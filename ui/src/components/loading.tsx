import type { ReactElement } from 'react';
import style from './loading.module.css';

/** Something is on its way. It shows nothing for a moment, since most things arrive within it. */
export function Loading({ label }: { readonly label: string }): ReactElement {
  return (
    <p className={style.loading} role="status">
      <span className={style.bar} aria-hidden="true" />
      {label}
    </p>
  );
}
