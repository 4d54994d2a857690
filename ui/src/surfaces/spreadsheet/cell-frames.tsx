import { useCursors } from '@collabd/sdk/react';
import type { ReactElement, RefObject } from 'react';
import { Glide } from '../../presence/glide.tsx';
import { NameFlag } from '../../presence/pointer-mark.tsx';
import style from './cell-frames.module.css';
import { CELL, cornerOf, NAMES } from './geometry.ts';

export interface CellFramesProps {
  readonly documentId: string;
  /** What is moved against the scrolling of the grid. */
  readonly layer: RefObject<HTMLDivElement | null>;
}

/** Frames around the cells that others have chosen. */
export function CellFrames({ documentId, layer }: CellFramesProps): ReactElement {
  const cursors = useCursors(documentId, 'spreadsheet');
  return (
    <div className={style.clip} style={{ top: NAMES.height, left: NAMES.width }}>
      <div ref={layer} className={style.layer}>
        {cursors.map(({ user, position }) => (
          <Glide key={user.userId} at={cornerOf(position)} userId={user.userId}>
            <div className={style.frame} style={{ ...CELL, borderColor: user.avatarColor }}>
              <NameFlag
                className={position.row === 0 ? style.below : style.above}
                name={user.userName}
                color={user.avatarColor}
              />
            </div>
          </Glide>
        ))}
      </div>
    </div>
  );
}
