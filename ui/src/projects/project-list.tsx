import { Plus } from 'lucide-react';
import { type ReactElement, useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import { token } from '../access/token.ts';
import { TokenForm } from '../access/token-form.tsx';
import { ApiError, wordsFor } from '../api/graphql.ts';
import { createProject, fetchProjects, type ListedProject } from '../api/projects.ts';
import { type Query, useQuery } from '../api/use-query.ts';
import { Loading } from '../components/loading.tsx';
import { NameDialog } from '../components/name-dialog.tsx';
import { useStored } from '../stored.ts';
import style from './project-list.module.css';
import { ProjectRow } from './project-row.tsx';

/** Milliseconds between two looks at who is in which project. */
const LOOK_MS = 4_000;

/** The projects that one may see. */
export function ProjectList(): ReactElement {
  const shown = useStored(token);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another token it is another question
  const question = useCallback((signal: AbortSignal) => fetchProjects(signal), [shown]);
  const projects = useQuery(question, LOOK_MS);
  const [isNaming, setNaming] = useState(false);
  const [, navigate] = useLocation();
  const isLocked = projects.error instanceof ApiError && projects.error.code === 'UNAUTHENTICATED';

  return (
    <section className={style.section} aria-labelledby="projects">
      <div className={style.head}>
        <h1 id="projects" className={style.title}>
          Projects
        </h1>
        {!isLocked && (
          <button type="button" className="button" data-kind="primary" onClick={() => setNaming(true)}>
            <Plus size={16} aria-hidden="true" /> New project
          </button>
        )}
      </div>
      {isLocked ? <Locked /> : <Content projects={projects} />}
      {isNaming && (
        <NameDialog
          title="New project"
          label="Name"
          initial=""
          action="Create project"
          onName={async (name) => navigate(`/projects/${await createProject(name)}`)}
          onClose={() => setNaming(false)}
        />
      )}
    </section>
  );
}

function Locked(): ReactElement {
  return (
    <div className={style.panel}>
      <p>
        {token.get()
          ? 'The server does not accept this token, or it has expired.'
          : 'This server is for those who have an access token. Paste yours to see your projects.'}
      </p>
      <TokenForm action="Continue" />
    </div>
  );
}

function Content({ projects }: { readonly projects: Query<readonly ListedProject[]> }): ReactElement {
  const { data, error, refresh } = projects;
  if (!data) {
    return error ? <Failed error={error} refresh={refresh} /> : <Loading label="Loading projects" />;
  }
  return (
    <>
      {error !== undefined && <Failed error={error} refresh={refresh} />}
      {data.length === 0 ? (
        <p className={style.panel}>Nothing here yet. Make a project, and send others its address.</p>
      ) : (
        <ul className={style.list}>
          {data.map((project) => (
            <ProjectRow key={project.id} project={project} refresh={refresh} />
          ))}
        </ul>
      )}
      {data.length > 0 && data.every(({ people }) => people.length === 0) && (
        <p className="note">
          Nobody is anywhere yet. Open a project in two tabs, and be a guest in one of them to see both sides.
        </p>
      )}
    </>
  );
}

function Failed({ error, refresh }: Pick<Query<unknown>, 'error' | 'refresh'>): ReactElement {
  return (
    <div className={style.failed} role="alert">
      <p>{wordsFor(error)}</p>
      <button type="button" className="button" onClick={() => void refresh()}>
        Try again
      </button>
    </div>
  );
}
