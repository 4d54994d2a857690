import type { ReactElement } from 'react';
import { Holder } from '../access/holder.tsx';
import { useMe } from '../access/me.ts';
import { SiteHeader } from '../components/site-header.tsx';
import { IdentityForm } from '../identity/identity-form.tsx';
import { ProjectList } from './project-list.tsx';
import style from './projects-page.module.css';

/** Where one begins: who one is, and what there is to work on. */
export function ProjectsPage(): ReactElement {
  const { claims } = useMe();
  return (
    <>
      <title>collabd</title>
      <SiteHeader />
      <main className={style.page}>
        <section className={style.you} aria-labelledby="you">
          <h2 id="you" className={style.small}>
            You
          </h2>
          {claims ? <Holder claims={claims} /> : <IdentityForm />}
        </section>
        <ProjectList />
      </main>
    </>
  );
}
