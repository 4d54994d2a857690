import type { Presence } from '@collabd/sdk';
import { inkOn } from '@collabd/sdk/react';
import type { KeyboardEvent, ReactElement } from 'react';
import { NameFlag } from '../../presence/pointer-mark.tsx';
import style from './clip-view.module.css';
import { type Clip, dragged, format } from './model.ts';
import { LANE } from './scale.ts';
import { useClipDrag } from './use-clip-drag.ts';
import type { TimelineActions } from './use-timeline.ts';

export interface ClipViewProps {
  readonly clip: Clip;
  readonly pixelsPerSecond: number;
  readonly isSelected: boolean;
  /** Somebody else who has it selected. */
  readonly holder: Presence | undefined;
  readonly isReadOnly: boolean;
  readonly actions: TimelineActions;
  readonly onSelect: () => void;
  readonly onRename: () => void;
}

/** Milliseconds that a key moves a clip by. */
const KEY_STEP = 1_000;

/** A clip on its track: dragged by the middle, made longer by its ends, moved by the arrow keys. */
export function ClipView(props: ClipViewProps): ReactElement {
  const { clip, pixelsPerSecond, isSelected, holder, isReadOnly, actions, onSelect, onRename } = props;
  const { shown, begin, move, end } = useClipDrag(clip, pixelsPerSecond, actions, isReadOnly);

  function press(event: KeyboardEvent): void {
    const [time, tracks] = ARROWS[event.key] ?? [0, 0];
    if (isReadOnly) {
      return;
    }
    if (time !== 0 || tracks !== 0) {
      event.preventDefault();
      actions.put(dragged(clip, event.shiftKey ? 'end' : 'whole', time, tracks));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      actions.remove(clip.id);
    } else if (event.key === 'F2' || event.key === 'Enter') {
      event.preventDefault();
      onRename();
    }
  }

  return (
    <button
      type="button"
      className={style.clip}
      aria-pressed={isSelected}
      data-holder={holder?.userId}
      style={{
        left: (shown.start / 1_000) * pixelsPerSecond,
        top: shown.track * LANE + 5,
        width: ((shown.end - shown.start) / 1_000) * pixelsPerSecond,
        height: LANE - 10,
        background: shown.color,
        color: inkOn(shown.color),
        ...(holder && !isSelected && { outlineColor: holder.avatarColor }),
      }}
      onPointerDown={(event) => {
        onSelect();
        begin(event);
      }}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onFocus={onSelect}
      onDoubleClick={() => isReadOnly || onRename()}
      onKeyDown={press}
    >
      <span className={style.label}>{shown.label}</span>
      <span className={style.time}>{format(shown.end - shown.start)}</span>
      <span className="visually-hidden">
        {`, track ${shown.track + 1}, ${format(shown.start)} to ${format(shown.end)}`}
      </span>
      {holder && <span className="visually-hidden">, held by </span>}
      {holder && <NameFlag className={style.holder} name={holder.userName} color={holder.avatarColor} />}
    </button>
  );
}

const ARROWS: Readonly<Record<string, readonly [time: number, tracks: number]>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
