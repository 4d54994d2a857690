import { type ReactElement, useRef } from 'react';
import type { Presence } from '../protocol/index.ts';
import { inkOn } from './ink.ts';
import type { Point } from './point.ts';
import { useSmoothPoint } from './use-smooth-point.ts';

export interface CursorPointerProps {
  readonly user: Presence;
  /** Where its tip is. */
  readonly at: Point;
}

/** Somebody's pointer with the name beside it, which moves smoothly to where it is. */
export function CursorPointer({ user, at }: CursorPointerProps): ReactElement {
  const element = useRef<HTMLDivElement>(null);
  useSmoothPoint(at, ({ x, y }) => {
    if (element.current) {
      element.current.style.transform = `translate(${x}px, ${y}px)`;
    }
  });
  return (
    <div
      ref={element}
      data-user-id={user.userId}
      style={{
        position: 'absolute',
        top: 0,
        left: 0,
        willChange: 'transform',
        opacity: user.status === 'active' ? 1 : 0.5,
      }}
    >
      <svg
        width="18"
        height="20"
        viewBox="0 0 18 20"
        style={{ display: 'block', overflow: 'visible' }}
        aria-hidden="true"
      >
        <path
          d="M1 1l5.2 16 3.1-6.6L16 8.2z"
          fill={user.avatarColor}
          stroke="#ffffff"
          strokeWidth="1.5"
          strokeLinejoin="round"
        />
      </svg>
      <span
        style={{
          position: 'absolute',
          top: 16,
          left: 12,
          maxWidth: 160,
          padding: '2px 6px',
          overflow: 'hidden',
          borderRadius: 6,
          background: user.avatarColor,
          color: inkOn(user.avatarColor),
          font: '500 12px/16px var(--collab-font, system-ui, sans-serif)',
          textOverflow: 'ellipsis',
          whiteSpace: 'nowrap',
        }}
      >
        {user.userName}
      </span>
    </div>
  );
}
