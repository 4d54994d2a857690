import { type Point, useSmoothPoint } from '@collabd/sdk/react';
import { type ReactElement, type ReactNode, useRef } from 'react';
import style from './glide.module.css';

export interface GlideProps {
  /** Where it is, in pixels of whatever it is drawn in. */
  readonly at: Point;
  /** Whose it is. */
  readonly userId: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** Something of somebody else's that moves smoothly to where it is. It takes no clicks and is not read aloud. */
export function Glide({ at, userId, className = '', children }: GlideProps): ReactElement {
  const element = useRef<HTMLDivElement>(null);
  useSmoothPoint(at, ({ x, y }) => {
    element.current?.style.setProperty('translate', `${x}px ${y}px`);
  });
  return (
    <div ref={element} className={`${style.glide} ${className}`} data-cursor={userId} aria-hidden="true">
      {children}
    </div>
  );
}
