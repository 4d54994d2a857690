import { useSelf } from '@collabd/sdk/react';
import { type ReactElement, useMemo, useRef, useState } from 'react';
import { Message } from '../../components/message.tsx';
import type { SurfaceProps } from '../../documents/surface.ts';
import { useHolders } from '../../presence/holders.ts';
import { usePlace } from '../../presence/use-place.ts';
import { type Form, rounded, type Vector } from './model.ts';
import type { Mode } from './mover.tsx';
import { Panel } from './panel.tsx';
import style from './scene.module.css';
import { Stage } from './stage.tsx';
import { Toolbar } from './toolbar.tsx';
import { useScene } from './use-scene.ts';

/** Solids on a ground. */
export function Scene({ documentId, doc, edits, isReadOnly }: SurfaceProps): ReactElement {
  const [solids, actions] = useScene({ doc, edits });
  const [selectedId, setSelectedId] = useState<string>();
  const [mode, setMode] = useState<Mode>('translate');
  const place = usePlace(documentId);
  const holders = useHolders(documentId);
  const pointed = useRef<Vector>([0, 0, 0]);
  const ownColor = useSelf()?.avatarColor ?? '#88847A';
  const selected = solids.find(({ id }) => id === selectedId);
  const isShown = useMemo(canDraw, []);

  function select(id: string | undefined): void {
    setSelectedId(id);
    const [x, y, z] = solids.find((solid) => solid.id === id)?.at ?? [0, 0, 0];
    place.select(id, id === undefined ? undefined : { type: '3d', x, y, z });
  }

  function add(form: Form): void {
    const [x, , z] = pointed.current;
    // Beside one that is there already.
    const isFree = !solids.some(({ at }) => Math.hypot(at[0] - x, at[2] - z) < 1);
    const at = rounded([isFree ? x : x + 1.5, 0.5, z]);
    const id = actions.add(form, at, ownColor);
    pointed.current = at;
    setSelectedId(id);
    place.select(id, { type: '3d', x: at[0], y: at[1], z: at[2] });
  }

  return (
    <div className={style.scene}>
      <div className={style.view}>
        {isShown ? (
          <Stage
            documentId={documentId}
            solids={solids}
            selected={selected}
            mode={mode}
            isReadOnly={isReadOnly}
            actions={actions}
            onSelect={select}
            pointed={pointed}
            ownColor={ownColor}
            place={place}
          />
        ) : (
          <Message title="This browser cannot draw in 3D">
            <p className="note">
              It has no WebGL, or it is turned off. The list beside this works all the same.
            </p>
          </Message>
        )}
        <div className={style.tools}>
          <Toolbar mode={mode} isReadOnly={isReadOnly} onMode={setMode} onAdd={add} />
        </div>
      </div>
      <Panel
        solids={solids}
        selected={selected}
        holders={holders}
        isReadOnly={isReadOnly}
        actions={actions}
        onSelect={select}
      />
    </div>
  );
}

function canDraw(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}
