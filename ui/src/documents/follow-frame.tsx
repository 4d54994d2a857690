import type { Presence } from '@collabd/sdk';
import { inkOn } from '@collabd/sdk/react';
import { type ReactElement, useEffect, useRef } from 'react';
import { useFollow } from '../project/follow.tsx';
import style from './follow-frame.module.css';

/** What ends following: one wants to look elsewhere. */
const SIGNS = ['pointerdown', 'wheel', 'keydown'] as const;

/** Shows whom one follows, until one does anything oneself. */
export function FollowFrame({ user }: { readonly user: Presence }): ReactElement {
  const { stop } = useFollow();
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const surface = frame.current?.parentElement;
    const act = (event: Event) => {
      if (!(event.target instanceof Node && frame.current?.contains(event.target))) {
        stop();
      }
    };
    for (const sign of SIGNS) {
      surface?.addEventListener(sign, act, { passive: true, capture: true });
    }
    return () => {
      for (const sign of SIGNS) {
        surface?.removeEventListener(sign, act, { capture: true });
      }
    };
  }, [stop]);

  return (
    <div ref={frame} className={style.frame} style={{ borderColor: user.avatarColor }}>
      <button
        type="button"
        className={style.stop}
        style={{ background: user.avatarColor, color: inkOn(user.avatarColor) }}
        onClick={stop}
      >
        Following {user.userName} · Stop
      </button>
    </div>
  );
}
