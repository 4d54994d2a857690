import { type ReactElement, useState } from 'react';
import { wordsFor } from '../../api/graphql.ts';
import type { Query } from '../../api/use-query.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Menu } from '../../components/menu.tsx';
import dashboard from '../dashboard.module.css';
import { kick, type SessionInfo } from '../feed/api.ts';
import table from '../table.module.css';
import { formatDuration } from '../units.ts';

const KINDS = {
  collaboration_v1: 'Presence (v1)',
  collaboration_v2: 'Presence',
  document: 'Document',
} as const;

export interface SessionListProps {
  readonly project: number;
  readonly sessions: Query<readonly SessionInfo[]>;
  /** Milliseconds since 1970 by the server's clock. */
  readonly now: number | undefined;
  /** Called when somebody was sent away. */
  readonly onKicked: () => void;
}

type Kick = { readonly session: SessionInfo; readonly isForAll: boolean };

/** Who is connected to a project, and sending somebody away. */
export function SessionList({ project, sessions, now, onKicked }: SessionListProps): ReactElement {
  const [asked, setAsked] = useState<Kick>();
  const { data, error } = sessions;
  return (
    <section className={dashboard.section} aria-labelledby="sessions">
      <h2 id="sessions" className={dashboard.subtitle}>
        Sessions
      </h2>
      {data && data.length > 0 ? (
        <table className={table.table} aria-label="Sessions, the oldest first">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col" className={table.text}>
                Document
              </th>
              <th scope="col" className={`${table.text} ${table.wide}`}>
                Kind
              </th>
              <th scope="col" className={`${table.text} ${table.wide}`}>
                From
              </th>
              <th scope="col">For</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((session) => (
              <SessionRow key={session.sessionId} session={session} now={now} onKick={setAsked} />
            ))}
          </tbody>
        </table>
      ) : (
        <p className={dashboard.empty}>
          {data
            ? 'Nobody is here at the moment.'
            : error === undefined
              ? 'Asking the server…'
              : wordsFor(error)}
        </p>
      )}
      {asked && (
        <ConfirmDialog
          title={`Kick ${asked.session.userName}?`}
          text={`${asked.isForAll ? 'All of their connections to this project are' : 'This connection is'} closed with code 4508. They may come back, but no page does so by itself.`}
          action="Kick"
          onConfirm={async () => {
            const { sessionId, userId } = asked.session;
            await kick(project, asked.isForAll ? { userId } : { sessionId });
            onKicked();
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </section>
  );
}

interface SessionRowProps {
  readonly session: SessionInfo;
  readonly now: number | undefined;
  readonly onKick: (kick: Kick) => void;
}

function SessionRow({ session, now, onKick }: SessionRowProps): ReactElement {
  const { sessionId, userId, userName, isAgent, since, documentId, kind, address } = session;
  const seconds = now === undefined ? undefined : (now - Date.parse(since)) / 1_000;
  return (
    <tr data-session={sessionId}>
      <td className={table.name} title={`User ${userId}, session ${sessionId}`}>
        {userName}
        {isAgent && <span className={table.soft}> agent</span>}
      </td>
      <td className={table.text}>{documentId ?? <span className={table.soft}>no document</span>}</td>
      <td className={`${table.text} ${table.wide}`}>{KINDS[kind] ?? kind}</td>
      <td className={`${table.text} ${table.wide}`}>{address ?? '–'}</td>
      <td>{seconds === undefined ? '–' : formatDuration(Math.max(0, seconds))}</td>
      <td>
        <Menu
          label={`Actions for ${userName}`}
          items={[
            {
              label: 'Kick this session',
              isDangerous: true,
              onSelect: () => onKick({ session, isForAll: false }),
            },
            {
              label: `Kick all of ${userName}’s`,
              isDangerous: true,
              onSelect: () => onKick({ session, isForAll: true }),
            },
          ]}
        />
      </td>
    </tr>
  );
}
