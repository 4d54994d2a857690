import type { CSSProperties, ReactElement } from 'react';
import type { Presence } from '../protocol/index.ts';
import { initialsOf } from './initials.ts';
import { inkOn } from './ink.ts';

export interface AvatarProps {
  readonly user: Presence;
  /** Is this the person who looks at it? */
  readonly isSelf: boolean;
  /** Pixels across. */
  readonly size: number;
}

/** One person as a disc with initials. */
export function Avatar({ user, isSelf, size }: AvatarProps): ReactElement {
  const label = describe(user, isSelf);
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      data-status={user.status}
      style={{
        ...discOf(size),
        background: user.avatarColor,
        color: inkOn(user.avatarColor),
        ...dimmed(user),
      }}
    >
      {initialsOf(user.userName)}
    </span>
  );
}

/** The form of a disc of `size` pixels that overlaps its neighbour. */
export function discOf(size: number): CSSProperties {
  return {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    boxSizing: 'border-box',
    width: size,
    height: size,
    border: '2px solid var(--collab-surface, #ffffff)',
    borderRadius: '50%',
    font: `600 ${Math.round(size * 0.36)}px/1 var(--collab-font, system-ui, sans-serif)`,
    userSelect: 'none',
  };
}

function dimmed({ status }: Presence): CSSProperties {
  return status === 'away' ? { filter: 'grayscale(0.7)' } : {};
}

function describe(user: Presence, isSelf: boolean): string {
  const notes = [isSelf && 'you', user.isAgent && 'agent', user.status !== 'active' && user.status].filter(
    Boolean,
  );
  return notes.length > 0 ? `${user.userName} (${notes.join(', ')})` : user.userName;
}
