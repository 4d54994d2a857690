import { type ReactElement, useMemo } from 'react';
import { BufferGeometry, Float32BufferAttribute } from 'three';

export interface GridProps {
  /** Units from one side to the other, an even number. */
  readonly size: number;
}

/**
 * Lines on the ground, one for each unit. They are short ones end to end: where there is no graphics card, a line that
 * begins behind one's back is not drawn at all.
 */
export function Grid({ size }: GridProps): ReactElement {
  const lines = useMemo(() => linesOf(size), [size]);
  return (
    <lineSegments geometry={lines} raycast={() => null}>
      <lineBasicMaterial color="#8a877c" transparent opacity={0.38} />
    </lineSegments>
  );
}

function linesOf(size: number): BufferGeometry {
  const half = size / 2;
  const ends: number[] = [];
  for (let across = -half; across <= half; across += 1) {
    for (let along = -half; along < half; along += 1) {
      ends.push(across, 0, along, across, 0, along + 1);
      ends.push(along, 0, across, along + 1, 0, across);
    }
  }
  return new BufferGeometry().setAttribute('position', new Float32BufferAttribute(ends, 3));
}
