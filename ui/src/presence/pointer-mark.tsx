import { inkOn } from '@collabd/sdk/react';
import type { ReactElement } from 'react';
import style from './pointer-mark.module.css';

export interface PointerMarkProps {
  readonly name: string;
  readonly color: string;
}

/** An arrow with its owner's name beside it. Its tip is at the upper left. */
export function PointerMark({ name, color }: PointerMarkProps): ReactElement {
  return (
    <>
      <svg className={style.arrow} width="18" height="20" viewBox="0 0 18 20" aria-hidden="true">
        <path
          d="M1 1l5.2 16 3.1-6.6L16 8.2z"
          fill={color}
          stroke="var(--raised)"
          strokeWidth="1.5"
          strokeLinejoin="round"
        />
      </svg>
      <NameFlag name={name} color={color} className={style.beside} />
    </>
  );
}

/** Somebody's name on that person's colour. */
export function NameFlag({
  name,
  color,
  className = '',
}: PointerMarkProps & { readonly className?: string | undefined }): ReactElement {
  return (
    <span className={`${style.flag} ${className}`} style={{ background: color, color: inkOn(color) }}>
      {name}
    </span>
  );
}
