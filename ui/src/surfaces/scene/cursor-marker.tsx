import type { Cursor } from '@collabd/sdk';
import { useFrame, useThree } from '@react-three/fiber';
import { type ReactElement, useEffect, useRef } from 'react';
import { type Group, Vector3 } from 'three';

/** The part of the way that is left after 16 milliseconds: as fast as pointers on a plane. */
const LEFT = 0.76;
/** Units within which a marker has arrived. */
const ARRIVED = 0.005;

export interface CursorMarkerProps {
  readonly cursor: Cursor<'3d'>;
  /** The name that stands beside it, which is no part of the scene. */
  readonly label: () => HTMLElement | undefined;
}

/** Where in space somebody points: a needle that glides there, with its tip at the place. */
export function CursorMarker({ cursor, label }: CursorMarkerProps): ReactElement {
  const group = useRef<Group>(null);
  const isPlaced = useRef(false);
  const invalidate = useThree((state) => state.invalidate);
  const { position, user } = cursor;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each place begins another way there
  useEffect(() => invalidate(), [position, invalidate]);

  useFrame(({ camera, size }, delta) => {
    if (!group.current) {
      return;
    }
    const goal = new Vector3(position.x, position.y, position.z);
    const place = group.current.position;
    const jumps = !isPlaced.current || matchMedia('(prefers-reduced-motion: reduce)').matches;
    place.lerp(goal, jumps ? 1 : 1 - LEFT ** (delta * 60));
    isPlaced.current = true;
    if (place.distanceTo(goal) > ARRIVED) {
      invalidate();
    }
    // The camera may have moved since the frame before, or there was none yet.
    camera.updateMatrixWorld();
    const { x, y, z } = place.clone().project(camera);
    const element = label();
    element?.style.setProperty(
      'translate',
      `${((x + 1) / 2) * size.width}px ${((1 - y) / 2) * size.height}px`,
    );
    element?.style.setProperty('visibility', z < 1 ? 'visible' : 'hidden');
  });

  return (
    <group ref={group}>
      <mesh position={[0, 0.3, 0]} rotation={[Math.PI, 0, 0]} raycast={() => null}>
        <coneGeometry args={[0.13, 0.6, 20]} />
        <meshBasicMaterial color={user.avatarColor} />
      </mesh>
    </group>
  );
}
