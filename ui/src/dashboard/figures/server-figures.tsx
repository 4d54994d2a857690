import type { ReactElement } from 'react';
import { useServer } from '../feed/use-server.ts';
import { format, formatDuration } from '../units.ts';
import { Figure } from './figure.tsx';
import style from './figures.module.css';

/** How the server is at the moment. */
export function ServerFigures(): ReactElement {
  const { reading, health, projects } = useServer();
  const people = health && projects.reduce((sum, { users }) => sum + users, 0);
  const limit = health && `of ${format(health.connectionLimit, 'count')}`;
  return (
    <ul className={style.figures} aria-label="Now">
      <Figure
        id="connections"
        label="Connections"
        meaning="WebSockets that are open, joined or not, and how many the server takes at most."
        value={format(reading?.value('collabd_connections'), 'count')}
        {...(limit && { detail: limit })}
      />
      <Figure
        id="sessions"
        label="Sessions"
        meaning="Connections that have joined a project, and the people behind them: each once for each project, with all tabs."
        value={format(reading?.value('collabd_sessions'), 'count')}
        {...(people !== undefined && {
          detail: people === 1 ? '1 person' : `${format(people, 'count')} people`,
        })}
      />
      <Figure
        id="projects"
        label="Projects"
        meaning="Projects that somebody is in."
        value={format(reading?.value('collabd_projects'), 'count')}
      />
      <Figure
        id="documents"
        label="Documents"
        meaning="Shared documents in memory. One that nobody has open leaves it half a minute later."
        value={format(reading?.value('collabd_documents_open'), 'count')}
      />
      <Figure
        id="memory"
        label="Memory"
        meaning="Memory that the server’s process occupies."
        value={format(reading?.value('collabd_memory_bytes'), 'bytes')}
      />
      <Figure
        id="uptime"
        label="Uptime"
        meaning="How long the server has run without a restart."
        value={reading ? formatDuration(reading.uptime) : '–'}
      />
    </ul>
  );
}
