import { ChevronLeft } from 'lucide-react';
import { type ReactElement, useCallback } from 'react';
import { Link } from 'wouter';
import { useQuery } from '../../api/use-query.ts';
import dashboard from '../dashboard.module.css';
import { EventList } from '../events/event-list.tsx';
import { fetchEvents, fetchSessions } from '../feed/api.ts';
import { PERIOD_MS } from '../feed/feed.ts';
import { AwayNotice } from '../feed/feed-badge.tsx';
import { useServer } from '../feed/use-server.ts';
import { Figure } from '../figures/figure.tsx';
import figures from '../figures/figures.module.css';
import { format } from '../units.ts';
import { SessionList } from './session-list.tsx';

/** One project: how busy it is, who is in it, and what happened last. */
export function ProjectPage({ id }: { readonly id: number }): ReactElement {
  const { projects, names, reading, health } = useServer();
  const sessions = useQuery(
    useCallback((signal: AbortSignal) => fetchSessions(id, signal), [id]),
    PERIOD_MS,
  );
  const events = useQuery(
    useCallback((signal: AbortSignal) => fetchEvents(id, signal), [id]),
    PERIOD_MS,
  );
  const name = names.get(id) || `Project ${id}`;
  const activity = projects.find(({ projectId }) => projectId === id);
  // What does not run has nobody and does nothing.
  const figure = (value: number | undefined) => format(activity ? value : health && 0, 'count');
  const rate = (value: number | undefined) => format(activity ? value : health && 0, 'perSecond');
  return (
    <>
      <title>{`${name} · collabd dashboard`}</title>
      <Link href="/dashboard" className={dashboard.back}>
        <ChevronLeft size={16} aria-hidden="true" /> All projects
      </Link>
      <div className={dashboard.head}>
        <h1 className={dashboard.title}>{name}</h1>
      </div>
      <AwayNotice />
      <ul className={figures.figures} aria-label="Now">
        <Figure
          id="people"
          label="People"
          meaning="Who is in the project, each once with all tabs."
          value={figure(activity?.users)}
        />
        <Figure
          id="sessions"
          label="Sessions"
          meaning="Connections that have joined. A lost one is kept for a moment, so that a page that reloads shows no leave."
          value={figure(activity?.connections)}
          detail={activity && activity.leases > 0 ? `${format(activity.leases, 'count')} lost just now` : ''}
        />
        <Figure
          id="documents"
          label="Documents"
          meaning="Documents that somebody is in."
          value={figure(activity?.documents)}
        />
        <Figure
          id="in"
          label="In"
          meaning="Messages of its members that reached the project, taken over some seconds."
          value={rate(activity?.messagesPerSecond)}
        />
        <Figure
          id="out"
          label="Out"
          meaning="Messages to its members: one to ten people counts ten times."
          value={rate(activity?.deliveriesPerSecond)}
        />
        <Figure
          id="waiting"
          label="Waiting"
          meaning="Messages that wait for the project. Near 1024 it is overloaded, and its members are told so."
          value={figure(activity?.inbox)}
        />
      </ul>
      <SessionList
        project={id}
        sessions={sessions}
        now={reading && reading.at * 1_000}
        onKicked={() => {
          void sessions.refresh();
          void events.refresh();
        }}
      />
      <EventList
        title="What happened"
        none="Nothing, as far as the server remembers. It forgets when it restarts."
        events={events}
        canFilter
      />
    </>
  );
}
