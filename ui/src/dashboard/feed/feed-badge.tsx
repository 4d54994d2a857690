import type { ReactElement } from 'react';
import { wordsFor } from '../../api/graphql.ts';
import { formatTime } from '../units.ts';
import style from './feed-badge.module.css';
import { useServer } from './use-server.ts';

const WORDS = {
  loading: 'Asking the server',
  live: 'Live',
  paused: 'Paused',
  away: 'No answer',
} as const;

/** Whether the figures are those of now. */
export function FeedBadge(): ReactElement {
  const { status } = useServer();
  return (
    <span className={style.badge} data-status={status} data-testid="feed" role="status">
      <span className={style.dot} aria-hidden="true" />
      {WORDS[status]}
    </span>
  );
}

/** Says that the server is away, and since when; it is asked on all the while. */
export function AwayNotice(): ReactElement | null {
  const { status, error, heardAt } = useServer();
  if (status !== 'away') {
    return null;
  }
  return (
    <div className={style.notice} role="alert">
      <p>
        <strong>{wordsFor(error)}</strong>
      </p>
      <p>
        {heardAt !== undefined && `These figures are those of ${formatTime(heardAt)}. `}
        It is asked again every two seconds; the page goes on by itself.
      </p>
    </div>
  );
}
