import { type ReactElement, type Ref, useMemo } from 'react';
import {
  BoxGeometry,
  type BufferGeometry,
  ConeGeometry,
  CylinderGeometry,
  EdgesGeometry,
  type Mesh,
  SphereGeometry,
} from 'three';
import { type Form, radiansOf, type Solid } from './model.ts';

/** Shared by all solids of a form. */
const GEOMETRIES: Readonly<Record<Form, BufferGeometry>> = {
  box: new BoxGeometry(1, 1, 1),
  ball: new SphereGeometry(0.5, 40, 24),
  cone: new ConeGeometry(0.55, 1, 40),
  cylinder: new CylinderGeometry(0.5, 0.5, 1, 40),
};
/** Degrees between two faces above which their edge is drawn. */
const SHARP = 30;

export interface SolidMeshProps {
  readonly solid: Solid;
  /** The colour of whoever has it selected. */
  readonly holderColor: string | undefined;
  readonly onSelect: () => void;
  readonly ref?: Ref<Mesh> | undefined;
}

export function SolidMesh({ solid, holderColor, onSelect, ref }: SolidMeshProps): ReactElement {
  const geometry = GEOMETRIES[solid.form];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is drawn, and no element; the panel selects as well
    <mesh
      ref={ref ?? null}
      geometry={geometry}
      position={[...solid.at]}
      rotation={radiansOf(solid.turn)}
      onClick={(event) => {
        event.stopPropagation();
        onSelect();
      }}
    >
      <meshStandardMaterial color={solid.color} roughness={0.7} />
      {holderColor && <Outline geometry={geometry} color={holderColor} />}
    </mesh>
  );
}

/** A frame a little larger than what is selected. */
function Outline({
  geometry,
  color,
}: {
  readonly geometry: BufferGeometry;
  readonly color: string;
}): ReactElement {
  const edges = useMemo(() => {
    geometry.computeBoundingBox();
    const { min, max } = geometry.boundingBox ?? { min: { x: 0, y: 0, z: 0 }, max: { x: 0, y: 0, z: 0 } };
    return new EdgesGeometry(new BoxGeometry(max.x - min.x, max.y - min.y, max.z - min.z), SHARP);
  }, [geometry]);
  return (
    <lineSegments geometry={edges} scale={1.12} raycast={() => null}>
      <lineBasicMaterial color={color} />
    </lineSegments>
  );
}
