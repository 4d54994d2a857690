import { lazy, type ReactElement, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Boundary } from './components/boundary.tsx';
import { Loading } from './components/loading.tsx';
import { Message } from './components/message.tsx';
import { ProjectsPage } from './projects/projects-page.tsx';

// What opens a project brings the library of shared documents, which the list of projects does without.
const ProjectPage = lazy(() =>
  import('./project/project-page.tsx').then((page) => ({ default: page.ProjectPage })),
);

// For operators, and with a library of its own.
const DashboardPage = lazy(() =>
  import('./dashboard/dashboard-page.tsx').then((page) => ({ default: page.DashboardPage })),
);

/** Which address shows what. */
export function App(): ReactElement {
  return (
    <Boundary>
      <Suspense fallback={<Loading label="Opening" />}>
        <Switch>
          <Route path="/" component={ProjectsPage} />
          <Route path="/projects">
            <Redirect to="/" replace />
          </Route>
          <Route path="/projects/:project/*?">
            {({ project }) => <ProjectPage key={project} id={Number(project)} />}
          </Route>
          <Route path="/dashboard/*?" component={DashboardPage} />
          <Route>
            <Message title="There is no such page">
              <a className="button" href="/">
                All projects
              </a>
            </Message>
          </Route>
        </Switch>
      </Suspense>
    </Boundary>
  );
}
