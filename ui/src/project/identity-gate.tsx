import type { ReactElement } from 'react';
import { SiteHeader } from '../components/site-header.tsx';
import { IdentityForm } from '../identity/identity-form.tsx';
import style from './identity-gate.module.css';

/** Asks who comes in, since the others will see it. */
export function IdentityGate({ project }: { readonly project: string }): ReactElement {
  return (
    <>
      <SiteHeader />
      <main className={style.gate}>
        <h1 className={style.title}>{project}</h1>
        <p className="note">Whoever is inside sees your name and your pointer.</p>
        <IdentityForm action="Go in" />
      </main>
    </>
  );
}
