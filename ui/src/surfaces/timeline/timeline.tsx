import { useSelf } from '@collabd/sdk/react';
import { type MouseEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { NameDialog } from '../../components/name-dialog.tsx';
import type { SurfaceProps } from '../../documents/surface.ts';
import { useHolders } from '../../presence/holders.ts';
import { usePlace } from '../../presence/use-place.ts';
import { useFollowedCursor } from '../../project/follow.tsx';
import hint from '../hint.module.css';
import { ClipView } from './clip-view.tsx';
import { clamp, END, type Moment, NEW_LENGTH, STEP, TRACKS } from './model.ts';
import { Ruler } from './ruler.tsx';
import { FIRST_ZOOM, LANE, NAMES, RULER, ZOOMS } from './scale.ts';
import style from './timeline.module.css';
import { Toolbar } from './toolbar.tsx';
import { TrackCursors } from './track-cursors.tsx';
import { useTimeline } from './use-timeline.ts';

/** Milliseconds that are shown at least, and that there are after the last clip. */
const SHORTEST_VIEW = 120_000;
const ROOM = 30_000;

/**
 * Clips on tracks. Made here: the libraries that are kept tell of a drag only when it ends, so that others would see clips
 * jump, and take none from the keyboard.
 */
export function Timeline({ documentId, doc, edits, isReadOnly }: SurfaceProps): ReactElement {
  const [clips, actions] = useTimeline({ doc, edits });
  const [zoom, setZoom] = useState(FIRST_ZOOM);
  const [selectedId, setSelectedId] = useState<string>();
  const [isRenaming, setRenaming] = useState(false);
  const [mark, setMark] = useState<Moment>({ track: 0, time: 0 });
  const holders = useHolders(documentId);
  const place = usePlace(documentId);
  const self = useSelf();
  const view = useRef<HTMLElement>(null);
  const lanes = useRef<HTMLDivElement>(null);
  const pixelsPerSecond = ZOOMS[zoom] ?? ZOOMS[FIRST_ZOOM];
  const selected = clips.find(({ id }) => id === selectedId);
  const followed = useFollowedCursor(documentId, 'timeline')?.position;
  const length = Math.min(
    END,
    clips.reduce((most, { end }) => Math.max(most, end + ROOM), SHORTEST_VIEW),
  );

  useEffect(() => {
    if (followed && view.current) {
      const x = (followed.timestamp / 1_000) * pixelsPerSecond;
      const y = (followed.track ?? 0) * LANE;
      const { clientWidth, clientHeight } = view.current;
      view.current.scrollTo({ left: x + NAMES - clientWidth / 2, top: y - clientHeight / 2 });
    }
  }, [followed, pixelsPerSecond]);

  function momentAt({ clientX, clientY }: MouseEvent): Moment {
    const { left, top } = lanes.current?.getBoundingClientRect() ?? new DOMRect();
    return {
      track: clamp(Math.floor((clientY - top) / LANE), 0, TRACKS - 1),
      time: clamp(Math.round(((clientX - left) / pixelsPerSecond) * 1_000), 0, END),
    };
  }

  function select(id: string | undefined): void {
    setSelectedId(id);
    const clip = clips.find((each) => each.id === id);
    place.select(id, clip && { type: 'timeline', timestamp: clip.start, track: clip.track });
  }

  function add({ track, time }: Moment): void {
    const start = clamp(Math.round(time / STEP) * STEP, 0, END - NEW_LENGTH);
    const id = actions.add({ track, time: start }, self?.avatarColor ?? '');
    setSelectedId(id);
    place.select(id, { type: 'timeline', timestamp: start, track });
    // The next one goes behind it.
    setMark({ track, time: start + NEW_LENGTH });
  }

  return (
    <div className={style.timeline}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard, too */}
      <section ref={view} className={style.view} aria-label="Tracks" tabIndex={0}>
        <div className={style.content} style={{ width: NAMES + (length / 1_000) * pixelsPerSecond }}>
          <div className={style.corner} style={{ width: NAMES, height: RULER }} />
          <div className={style.ruler}>
            <Ruler length={length} pixelsPerSecond={pixelsPerSecond} />
          </div>
          <div className={style.names} style={{ width: NAMES }}>
            {Array.from({ length: TRACKS }, (_, track) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a track is its number
              <div key={track} className={style.name} style={{ height: LANE }}>
                Track {track + 1}
              </div>
            ))}
          </div>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: clips are put with the toolbar as well */}
          <div
            ref={lanes}
            className={style.lanes}
            style={{ height: TRACKS * LANE, backgroundSize: `100% ${LANE}px` }}
            onPointerMove={(event) => {
              const { track, time } = momentAt(event);
              place.point({ type: 'timeline', timestamp: time, track });
            }}
            onPointerDown={(event) => {
              if (event.target === lanes.current) {
                setMark(momentAt(event));
                select(undefined);
              }
            }}
            onDoubleClick={(event) => event.target === lanes.current && !isReadOnly && add(momentAt(event))}
          >
            <div
              className={style.mark}
              style={{
                left: (mark.time / 1_000) * pixelsPerSecond,
                top: mark.track * LANE,
                height: LANE,
              }}
            />
            {clips.map((clip) => (
              <ClipView
                key={clip.id}
                clip={clip}
                pixelsPerSecond={pixelsPerSecond}
                isSelected={clip.id === selectedId}
                holder={holders.get(clip.id)}
                isReadOnly={isReadOnly}
                actions={actions}
                onSelect={() => select(clip.id)}
                onRename={() => setRenaming(true)}
              />
            ))}
            <TrackCursors documentId={documentId} pixelsPerSecond={pixelsPerSecond} />
          </div>
        </div>
      </section>
      {clips.length === 0 && (
        <p className={hint.hint}>Nothing here yet. Double-click on a track to put a clip.</p>
      )}
      <div className={style.tools}>
        <Toolbar
          isReadOnly={isReadOnly}
          hasSelection={selected !== undefined}
          canZoomIn={zoom < ZOOMS.length - 1}
          canZoomOut={zoom > 0}
          onAdd={() => add(mark)}
          onRename={() => setRenaming(true)}
          onDelete={() => selected && actions.remove(selected.id)}
          onZoom={(by) => setZoom(zoom + by)}
        />
      </div>
      {isRenaming && selected && (
        <NameDialog
          title="Rename clip"
          label="Label"
          initial={selected.label}
          action="Rename"
          onName={async (label) => actions.rename(selected.id, label)}
          onClose={() => setRenaming(false)}
        />
      )}
    </div>
  );
}
