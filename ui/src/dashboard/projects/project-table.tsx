import { type ReactElement, useRef } from 'react';
import { Link } from 'wouter';
import dashboard from '../dashboard.module.css';
import type { ProjectActivity } from '../feed/activity.ts';
import { useServer } from '../feed/use-server.ts';
import table from '../table.module.css';
import { format } from '../units.ts';

/** Rows that are shown; nobody reads more. */
const ROWS = 50;
/** Commands that wait for a project from which on it does not keep up: an eighth of what may wait. */
const MANY_WAIT = 128;

/** The running projects, hot ones first. */
export function ProjectTable(): ReactElement {
  const { projects, names, status } = useServer();
  const { rows, hold, release } = useHeldOrder(projects);
  const hidden = projects.length - ROWS;
  return (
    <section className={dashboard.section} aria-labelledby="projects">
      <h2 id="projects" className={dashboard.subtitle}>
        Projects
      </h2>
      {rows.length === 0 ? (
        <p className={dashboard.empty}>
          {status === 'loading' ? 'Asking the server…' : 'Nobody is in any project at the moment.'}
        </p>
      ) : (
        <table
          className={table.table}
          aria-label="Projects, the busiest first"
          onPointerEnter={hold}
          onPointerLeave={release}
          onFocus={hold}
          onBlur={release}
        >
          <thead>
            <tr>
              <th scope="col">Project</th>
              <th scope="col">People</th>
              <th scope="col">Sessions</th>
              <th scope="col" className={table.wide}>
                Documents
              </th>
              <th scope="col" title="Messages of its members that reached it, taken over some seconds">
                In
              </th>
              <th scope="col" title="Messages to its members: one to ten people counts ten times">
                Out
              </th>
              <th
                scope="col"
                className={table.wide}
                title="Messages that wait for the project; most are 1024"
              >
                Waiting
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, ROWS).map((project) => (
              <ProjectRow key={project.projectId} project={project} name={names.get(project.projectId)} />
            ))}
          </tbody>
        </table>
      )}
      {hidden > 0 && <p className="note">And {format(hidden, 'count')} more, with less going on in them.</p>}
    </section>
  );
}

interface ProjectRowProps {
  readonly project: ProjectActivity;
  readonly name: string | undefined;
}

function ProjectRow({ project, name }: ProjectRowProps): ReactElement {
  const { projectId, users, connections, documents, messagesPerSecond, deliveriesPerSecond, inbox } = project;
  return (
    <tr data-project={projectId}>
      <td className={table.name}>
        <Link href={`/dashboard/projects/${projectId}`}>{name || `Project ${projectId}`}</Link>
        {name && <span className={table.soft}> #{projectId}</span>}
      </td>
      <td>{format(users, 'count')}</td>
      <td>{format(connections, 'count')}</td>
      <td className={table.wide}>{format(documents, 'count')}</td>
      <td>{format(messagesPerSecond, 'perSecond')}</td>
      <td>{format(deliveriesPerSecond, 'perSecond')}</td>
      <td className={`${table.wide} ${inbox >= MANY_WAIT ? table.warn : ''}`}>{format(inbox, 'count')}</td>
    </tr>
  );
}

/** The projects in their order, except while somebody is about to choose one: then nothing moves from under the pointer. */
function useHeldOrder(projects: readonly ProjectActivity[]): {
  rows: readonly ProjectActivity[];
  hold: () => void;
  release: () => void;
} {
  const isHeld = useRef(false);
  const order = useRef<readonly number[]>([]);
  if (!isHeld.current) {
    order.current = projects.map(({ projectId }) => projectId);
  }
  const place = new Map(order.current.map((id, at) => [id, at]));
  const placeOf = ({ projectId }: ProjectActivity) => place.get(projectId) ?? place.size;
  return {
    rows: [...projects].sort((a, b) => placeOf(a) - placeOf(b)),
    hold: () => {
      isHeld.current = true;
    },
    release: () => {
      isHeld.current = false;
    },
  };
}
