import { type ReactElement, useState } from 'react';
import { wordsFor } from '../../api/graphql.ts';
import type { Query } from '../../api/use-query.ts';
import chart from '../charts/chart.module.css';
import dashboard from '../dashboard.module.css';
import type { RecordedEvent } from '../feed/api.ts';
import { formatTime } from '../units.ts';
import style from './events.module.css';
import { isEnd, wordsOf } from './words.ts';

/** Events shown until somebody asks for more. */
const FIRST = 30;

export interface EventListProps {
  readonly title: string;
  /** What to say of no events. */
  readonly none: string;
  readonly events: Query<readonly RecordedEvent[]>;
  /** Can departures be looked at alone? */
  readonly canFilter?: boolean;
}

/** What the flight recorder has written down, the newest first. */
export function EventList({ title, none, events, canFilter = false }: EventListProps): ReactElement {
  const [showsEnds, setShowsEnds] = useState(false);
  const [showsAll, setShowsAll] = useState(false);
  const { data, error } = events;
  const chosen = data?.filter((event) => !showsEnds || isEnd(event)) ?? [];
  const shown = showsAll ? chosen : chosen.slice(0, FIRST);
  return (
    <section className={dashboard.section} aria-labelledby="events">
      <div className={dashboard.head}>
        <h2 id="events" className={dashboard.subtitle}>
          {title}
        </h2>
        {canFilter && (
          <fieldset className={chart.ranges} aria-label="Events shown">
            {[false, true].map((isForEnds) => (
              <button
                key={String(isForEnds)}
                type="button"
                className={chart.range}
                aria-pressed={showsEnds === isForEnds}
                onClick={() => setShowsEnds(isForEnds)}
              >
                {isForEnds ? 'Departures' : 'Everything'}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      {shown.length > 0 ? (
        <ol className={style.list} data-testid="events">
          {shown.map((event) => (
            <EventRow key={event.number} event={event} />
          ))}
        </ol>
      ) : (
        <p className={dashboard.empty}>
          {data ? none : error === undefined ? 'Asking the server…' : wordsFor(error)}
        </p>
      )}
      {chosen.length > shown.length && (
        <button type="button" className={`button ${style.more}`} onClick={() => setShowsAll(true)}>
          Show all {chosen.length}
        </button>
      )}
    </section>
  );
}

function EventRow({ event }: { readonly event: RecordedEvent }): ReactElement {
  const { text, detail, tone } = wordsOf(event);
  const at = new Date(event.at);
  return (
    <li className={style.event} data-tone={tone} data-event={event.event}>
      <time className={style.time} dateTime={event.at} title={at.toLocaleString()}>
        {formatTime(at.getTime())}
      </time>
      <span className={style.mark} aria-hidden="true" />
      <span className={style.text}>
        {text}
        {event.times > 1 && <span className={style.times}> × {event.times}</span>}
      </span>
      <span className={style.detail}>{detail}</span>
    </li>
  );
}
