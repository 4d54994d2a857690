import { type PointerEvent, useRef, useState } from 'react';
import { type Clip, dragged, type Grip } from './model.ts';
import { LANE } from './scale.ts';
import type { TimelineActions } from './use-timeline.ts';

/** Milliseconds between two places that others are told of. The last one is always told. */
const TELL_MS = 50;
/** Pixels at each end of a clip that change its length. */
const EDGE = 8;

interface Drag {
  readonly from: Clip;
  readonly grip: Grip;
  readonly x: number;
  readonly y: number;
  toldAt: number;
}

/** How a clip is dragged: `shown` is where it is meanwhile. */
export function useClipDrag(
  clip: Clip,
  pixelsPerSecond: number,
  actions: TimelineActions,
  isReadOnly: boolean,
) {
  const drag = useRef<Drag>(undefined);
  const [shown, setShown] = useState<Clip>();

  function begin(event: PointerEvent<HTMLElement>): void {
    if (isReadOnly || event.button !== 0) {
      return;
    }
    const { left, right } = event.currentTarget.getBoundingClientRect();
    const grip = event.clientX < left + EDGE ? 'start' : event.clientX > right - EDGE ? 'end' : 'whole';
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: clip, grip, x: event.clientX, y: event.clientY, toldAt: 0 };
  }

  function move(event: PointerEvent<HTMLElement>): void {
    const now = performance.now();
    const place = placeAt(event);
    if (drag.current && place) {
      setShown(place);
      if (now - drag.current.toldAt >= TELL_MS) {
        drag.current.toldAt = now;
        actions.drag(place);
      }
    }
  }

  function end(event: PointerEvent<HTMLElement>): void {
    const place = placeAt(event);
    if (place) {
      actions.drag(place);
      actions.drop();
    }
    drag.current = undefined;
    setShown(undefined);
  }

  /** Where the clip is when it is dragged to a pointer; nowhere as long as that is where it was. */
  function placeAt({ clientX, clientY }: PointerEvent): Clip | undefined {
    if (!drag.current) {
      return undefined;
    }
    const { from, grip, x, y } = drag.current;
    const time = ((clientX - x) / pixelsPerSecond) * 1_000;
    const place = dragged(from, grip, time, Math.round((clientY - y) / LANE));
    const isMoved = place.start !== clip.start || place.end !== clip.end || place.track !== clip.track;
    return isMoved || shown ? place : undefined;
  }

  return { shown: shown ?? clip, begin, move, end };
}
