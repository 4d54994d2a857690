import { useCursors } from '@collabd/sdk/react';
import { Canvas } from '@react-three/fiber';
import { type ReactElement, type RefObject, useRef, useState } from 'react';
import type { Mesh } from 'three';
import type { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { useHolders } from '../../presence/holders.ts';
import { NameFlag } from '../../presence/pointer-mark.tsx';
import type { Place } from '../../presence/use-place.ts';
import { useFollowedCursor } from '../../project/follow.tsx';
import { CursorMarker } from './cursor-marker.tsx';
import { Grid } from './grid.tsx';
import type { Solid, Vector } from './model.ts';
import { type Mode, Mover } from './mover.tsx';
import { Orbit } from './orbit.tsx';
import { SolidMesh } from './solid-mesh.tsx';
import style from './stage.module.css';
import type { SceneActions } from './use-scene.ts';

export interface StageProps {
  readonly documentId: string;
  readonly solids: readonly Solid[];
  readonly selected: Solid | undefined;
  readonly mode: Mode;
  readonly isReadOnly: boolean;
  readonly actions: SceneActions;
  readonly onSelect: (id: string | undefined) => void;
  /** Where a new solid goes: where one pointed last. */
  readonly pointed: RefObject<Vector>;
  readonly ownColor: string;
  readonly place: Place;
}

/** Units from one side of the ground to the other. */
const GROUND = 40;

/** What is seen of the scene. All that can be done here, the panel beside it does as well. */
export function Stage(props: StageProps): ReactElement {
  const { documentId, solids, selected, mode, isReadOnly, actions, onSelect, pointed, ownColor, place } =
    props;
  const orbit = useRef<OrbitControls>(null);
  const [object, setObject] = useState<Mesh | null>(null);
  const labels = useRef(new Map<string, HTMLElement>());
  const cursors = useCursors(documentId, '3d');
  const holders = useHolders(documentId);
  const followed = useFollowedCursor(documentId, '3d')?.position;

  return (
    <div className={style.stage}>
      <Canvas
        frameloop="demand"
        dpr={[1, 2]}
        camera={{ fov: 42 }}
        onPointerMissed={() => onSelect(undefined)}
        aria-hidden="true"
      >
        <hemisphereLight args={['#ffffff', '#b8b2a4', 2.1]} />
        <directionalLight position={[4, 9, 6]} intensity={1.7} />
        <Grid size={GROUND} />
        <group
          onPointerMove={({ point: { x, y, z } }) => {
            pointed.current = [x, y, z];
            place.point({ type: '3d', x, y, z });
          }}
        >
          <mesh rotation={[-Math.PI / 2, 0, 0]}>
            <planeGeometry args={[GROUND, GROUND]} />
            <meshBasicMaterial transparent opacity={0} depthWrite={false} />
          </mesh>
          {solids.map((solid) => (
            <SolidMesh
              key={solid.id}
              ref={solid === selected ? setObject : undefined}
              solid={solid}
              holderColor={solid === selected ? ownColor : holders.get(solid.id)?.avatarColor}
              onSelect={() => onSelect(solid.id)}
            />
          ))}
        </group>
        {cursors.map((cursor) => (
          <CursorMarker key={cursor.userId} cursor={cursor} label={() => labels.current.get(cursor.userId)} />
        ))}
        {selected && object && !isReadOnly && (
          <Mover id={selected.id} object={object} mode={mode} orbit={orbit} actions={actions} />
        )}
        <Orbit controls={orbit} target={followed && [followed.x, followed.y, followed.z]} />
      </Canvas>
      <div className={style.labels} aria-hidden="true">
        {cursors.map(({ user }) => (
          <div
            key={user.userId}
            className={style.label}
            data-cursor={user.userId}
            ref={(element) => {
              if (element) {
                labels.current.set(user.userId, element);
              }
              return () => void labels.current.delete(user.userId);
            }}
          >
            <NameFlag className={style.name} name={user.userName} color={user.avatarColor} />
          </div>
        ))}
      </div>
    </div>
  );
}
