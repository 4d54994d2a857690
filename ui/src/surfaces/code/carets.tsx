import type { EditorView } from '@codemirror/view';
import { type Point, useCursors } from '@collabd/sdk/react';
import { type ReactElement, useEffect, useState } from 'react';
import { Glide } from '../../presence/glide.tsx';
import { NameFlag } from '../../presence/pointer-mark.tsx';
import style from './carets.module.css';
import { pointOf } from './places.ts';

export interface CaretsProps {
  readonly documentId: string;
  readonly view: EditorView;
  /** Another number whenever text or layout is another one. */
  readonly version: number;
}

interface Drawn {
  readonly points: ReadonlyMap<string, Point>;
  readonly scroll: Point;
}

/** The others' carets, above the editor. */
export function Carets({ documentId, view, version }: CaretsProps): ReactElement {
  const cursors = useCursors(documentId, 'code_editor');
  const [{ points, scroll }, setDrawn] = useState<Drawn>({ points: new Map(), scroll: { x: 0, y: 0 } });

  // biome-ignore lint/correctness/useExhaustiveDependencies: with another version, places are elsewhere
  useEffect(() => {
    view.requestMeasure({
      key: setDrawn,
      read: () => ({
        points: new Map(cursors.map(({ userId, position }) => [userId, pointOf(view, position)])),
        scroll: { x: view.scrollDOM.scrollLeft, y: view.scrollDOM.scrollTop },
      }),
      write: setDrawn,
    });
  }, [cursors, view, version]);

  return (
    <div className={style.clip}>
      <div style={{ transform: `translate(${-scroll.x}px, ${-scroll.y}px)` }}>
        {cursors.map(({ user }) => {
          const at = points.get(user.userId);
          return (
            at && (
              <Glide key={user.userId} at={at} userId={user.userId}>
                <div
                  className={style.caret}
                  style={{ height: view.defaultLineHeight, background: user.avatarColor }}
                >
                  <NameFlag
                    className={at.y < view.defaultLineHeight * 1.5 ? style.below : style.above}
                    name={user.userName}
                    color={user.avatarColor}
                  />
                </div>
              </Glide>
            )
          );
        })}
      </div>
    </div>
  );
}
