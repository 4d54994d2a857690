import type { ReactElement } from 'react';
import { NameFlag } from '../presence/pointer-mark.tsx';
import style from './holder.module.css';
import { useMe } from './me.ts';
import { type Claims, token } from './token.ts';

/** Whom the token names, and how to be rid of it. */
export function Holder({ claims }: { readonly claims: Claims }): ReactElement {
  const { name, color } = useMe();
  return (
    <div className={style.holder}>
      <NameFlag name={name} color={color} />
      <p className="note">
        Others see you as your access token says
        {claims.expiresAt !== undefined &&
          `; it is good until ${new Date(claims.expiresAt).toLocaleString()}`}
        .
      </p>
      <button type="button" className="button" onClick={() => token.set('')}>
        Forget the token
      </button>
    </div>
  );
}
