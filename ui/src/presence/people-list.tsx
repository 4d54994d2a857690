import type { Presence } from '@collabd/sdk';
import { Avatar, useOthers, useSelf } from '@collabd/sdk/react';
import type { ReactElement } from 'react';
import { useMe } from '../access/me.ts';
import type { DocumentInfo } from '../api/projects.ts';
import { becomeGuest } from '../identity/identity.ts';
import { useFollow } from '../project/follow.tsx';
import section from '../style/section.module.css';
import style from './people-list.module.css';
import { whereIs } from './where.ts';

/** Everybody who is here: how present, and where. */
export function PeopleList({ documents }: { readonly documents: readonly DocumentInfo[] }): ReactElement {
  const self = useSelf();
  const others = useOthers();
  return (
    <section className={section.section} aria-labelledby="people">
      <div className={section.head}>
        <h2 id="people" className={section.title}>
          People
        </h2>
      </div>
      <ul className={style.people}>
        {self && <PersonRow user={self} isSelf documents={documents} />}
        {others.map((user) => (
          <PersonRow key={user.userId} user={user} isSelf={false} documents={documents} />
        ))}
      </ul>
      {self && others.length === 0 && <Alone tabs={self.sessions} />}
    </section>
  );
}

/** What one can do when nobody else is here. */
function Alone({ tabs }: { readonly tabs: number }): ReactElement {
  const { claims } = useMe();
  return tabs > 1 && !claims ? (
    <div className={style.note}>
      <p>All your tabs are you. To see two people work together, be somebody else in one of them.</p>
      <button type="button" className="button" onClick={becomeGuest}>
        Be a guest in this tab
      </button>
    </div>
  ) : (
    <p className={style.note}>
      Nobody else is here. Open this page in a second tab, or send somebody its address.
    </p>
  );
}

interface PersonRowProps {
  readonly user: Presence;
  readonly isSelf: boolean;
  readonly documents: readonly DocumentInfo[];
}

function PersonRow({ user, isSelf, documents }: PersonRowProps): ReactElement {
  const follow = useFollow();
  const isFollowed = follow.userId === user.userId;
  const place = documents.find(({ id }) => id === whereIs(user));
  const notes = [
    user.status !== 'active' && user.status,
    user.isAgent && 'agent',
    user.sessions > 1 && `${user.sessions} tabs`,
    place && `in ${place.name}`,
  ].filter(Boolean);

  return (
    <li className={style.person} data-user-id={user.userId} data-status={user.status}>
      <Avatar user={user} isSelf={isSelf} size={30} />
      <span className={style.text}>
        <span className={style.name}>
          {user.userName}
          {isSelf && <span className={style.you}> (you)</span>}
        </span>
        <span className={style.where}>{notes.join(' · ')}</span>
      </span>
      {!isSelf && (
        <button
          type="button"
          className={style.follow}
          aria-pressed={isFollowed}
          aria-label={`Follow ${user.userName}`}
          onClick={() => (isFollowed ? follow.stop() : follow.start(user.userId))}
        >
          {isFollowed ? 'Following' : 'Follow'}
        </button>
      )}
    </li>
  );
}
