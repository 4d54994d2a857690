import type { ReactElement } from 'react';
import type { Cursor } from '../presence/view.ts';
import type { CursorPosition } from '../protocol/index.ts';
import { CursorPointer } from './cursor-pointer.tsx';
import type { Point } from './point.ts';
import { useCursors } from './use-cursors.ts';

export interface CursorsProps {
  readonly documentId: string;
  /**
   * Where on the screen a position is, in CSS pixels from this layer's corner; undefined when it is not in view.
   * Without it, positions of a canvas are pixels, and others are not drawn.
   */
  readonly toPoint?: (position: CursorPosition) => Point | undefined;
  readonly className?: string;
}

/**
 * The others' pointers in a document: a layer over the nearest positioned ancestor that takes no clicks. Hidden from
 * screen readers, for whom `AvatarStack` says who is here.
 */
export function Cursors({ documentId, toPoint = canvasPoint, className }: CursorsProps): ReactElement {
  const cursors = useCursors(documentId);
  return (
    <div
      aria-hidden="true"
      className={className}
      style={{ position: 'absolute', inset: 0, overflow: 'hidden', pointerEvents: 'none' }}
    >
      {cursors.map((cursor) => pointerOf(cursor, toPoint(cursor.position)))}
    </div>
  );
}

function pointerOf({ user }: Cursor, at: Point | undefined): ReactElement | null {
  return at ? <CursorPointer key={user.userId} user={user} at={at} /> : null;
}

function canvasPoint(position: CursorPosition): Point | undefined {
  return position.type === 'canvas' ? position : undefined;
}
