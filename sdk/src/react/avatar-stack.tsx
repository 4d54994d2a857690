import type { ReactElement } from 'react';
import type { Presence } from '../protocol/index.ts';
import { Avatar, discOf } from './avatar.tsx';
import { useOthers } from './use-others.ts';
import { useSelf } from './use-self.ts';

export interface AvatarStackProps {
  /** Discs to show at most; the last one counts the rest. 5 without it. */
  readonly max?: number;
  /** Pixels across a disc. 32 without it. */
  readonly size?: number;
  /** Is oneself in it, in front? True without it. */
  readonly showsSelf?: boolean;
  readonly className?: string;
}

/**
 * Who is here: overlapping discs, a list for screen readers. The ring takes the colour
 * `--collab-surface`, the letters the font `--collab-font`.
 */
export function AvatarStack({
  max = 5,
  size = 32,
  showsSelf = true,
  className,
}: AvatarStackProps): ReactElement {
  const self = useSelf();
  const others = useOthers();
  const people = self && showsSelf ? [self, ...others] : others;
  const shown = people.length > max ? people.slice(0, Math.max(0, max - 1)) : people;
  const rest = people.slice(shown.length);
  return (
    <ul
      aria-label={people.length === 1 ? '1 person here' : `${people.length} people here`}
      className={className}
      style={{ display: 'flex', margin: 0, padding: 0, listStyle: 'none' }}
    >
      {shown.map((user, index) => (
        <li key={user.userId} style={{ display: 'flex', marginLeft: index > 0 ? -size / 4 : 0 }}>
          <Avatar user={user} isSelf={user === self} size={size} />
        </li>
      ))}
      {rest.length > 0 && (
        <li style={{ display: 'flex', marginLeft: shown.length > 0 ? -size / 4 : 0 }}>
          <Rest users={rest} size={size} />
        </li>
      )}
    </ul>
  );
}

/** Those for whom there is no room. */
function Rest({ users, size }: { readonly users: readonly Presence[]; readonly size: number }): ReactElement {
  const names = users.map((user) => user.userName).join(', ');
  return (
    <span
      role="img"
      aria-label={`and ${users.length} more: ${names}`}
      title={names}
      style={{
        ...discOf(size),
        background: 'var(--collab-muted, #e4e4e7)',
        color: 'var(--collab-ink, #27272a)',
      }}
    >
      +{users.length}
    </span>
  );
}
