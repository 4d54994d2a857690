import type { ReactElement, ReactNode } from 'react';
import style from './message.module.css';

export interface MessageProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** Is it spoken as soon as it is there? */
  readonly isAlert?: boolean;
}

/** What is shown in the place of what cannot be shown: nothing yet, nothing any more, or not for you. */
export function Message({ title, children, isAlert = false }: MessageProps): ReactElement {
  return (
    <section className={style.message} role={isAlert ? 'alert' : undefined}>
      <h2 className={style.title}>{title}</h2>
      {children}
    </section>
  );
}
