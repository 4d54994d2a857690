import type { ReactElement } from 'react';
import { Route, Switch } from 'wouter';
import { Message } from '../components/message.tsx';
import style from './dashboard.module.css';
import { DashboardHeader } from './dashboard-header.tsx';
import { Overview } from './overview.tsx';
import { ProjectPage } from './projects/project-page.tsx';

/** For operators: how the server is, which projects are busy, who is in them, and why somebody left. */
export function DashboardPage(): ReactElement {
  return (
    <>
      <DashboardHeader />
      <main className={style.page}>
        <Switch>
          <Route path="/dashboard" component={Overview} />
          <Route path="/dashboard/projects/:id">
            {({ id }) => (/^[1-9]\d{0,9}$/.test(id) ? <ProjectPage key={id} id={Number(id)} /> : <Nothing />)}
          </Route>
          <Route>
            <Nothing />
          </Route>
        </Switch>
      </main>
    </>
  );
}

function Nothing(): ReactElement {
  return (
    <Message title="There is no such page">
      <a className="button" href="/dashboard">
        Dashboard
      </a>
    </Message>
  );
}
