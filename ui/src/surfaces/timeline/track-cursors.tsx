import { useCursors } from '@collabd/sdk/react';
import type { ReactElement } from 'react';
import { Glide } from '../../presence/glide.tsx';
import { NameFlag } from '../../presence/pointer-mark.tsx';
import { clamp, TRACKS } from './model.ts';
import { LANE } from './scale.ts';
import style from './track-cursors.module.css';

export interface TrackCursorsProps {
  readonly documentId: string;
  readonly pixelsPerSecond: number;
}

/** Where on which track the others point. */
export function TrackCursors({ documentId, pixelsPerSecond }: TrackCursorsProps): ReactElement[] {
  const cursors = useCursors(documentId, 'timeline');
  return cursors.map(({ user, position }) => {
    const track = clamp(position.track ?? 0, 0, TRACKS - 1);
    const at = { x: (position.timestamp / 1_000) * pixelsPerSecond, y: track * LANE };
    return (
      <Glide key={user.userId} at={at} userId={user.userId}>
        <div className={style.line} style={{ height: LANE, background: user.avatarColor }}>
          <NameFlag className={style.name} name={user.userName} color={user.avatarColor} />
        </div>
      </Glide>
    );
  });
}
