import type { ReactElement } from 'react';
import { useQuery } from '../api/use-query.ts';
import { Charts } from './charts/charts.tsx';
import dashboard from './dashboard.module.css';
import { EventList } from './events/event-list.tsx';
import { fetchServerEvents } from './feed/api.ts';
import { PERIOD_MS } from './feed/feed.ts';
import { AwayNotice } from './feed/feed-badge.tsx';
import { ServerFigures } from './figures/server-figures.tsx';
import { ProjectTable } from './projects/project-table.tsx';

/** The server as a whole. */
export function Overview(): ReactElement {
  const events = useQuery(fetchServerEvents, PERIOD_MS);
  return (
    <>
      <title>collabd dashboard</title>
      <div className={dashboard.head}>
        <h1 className={dashboard.title}>Dashboard</h1>
      </div>
      <AwayNotice />
      <ServerFigures />
      <ProjectTable />
      <Charts />
      <EventList title="What happened to the server" none="Nothing yet." events={events} />
    </>
  );
}
