import { useFrame, useThree } from '@react-three/fiber';
import { type RefObject, useEffect } from 'react';
import { Vector3 } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { Vector } from './model.ts';

/** Where one looks from at first. */
const START = [6, 5, 8] as const;
/** The part of the way to whom one follows that is left after a frame. */
const LEFT = 0.82;
/** Units within which the view has arrived. */
const ARRIVED = 0.02;

export interface OrbitProps {
  readonly controls: RefObject<OrbitControls | null>;
  /** What the view turns to: the place of whom one follows. */
  readonly target: Vector | undefined;
}

/** Lets one go around the scene. */
export function Orbit({ controls, target }: OrbitProps): null {
  const camera = useThree((state) => state.camera);
  const element = useThree((state) => state.gl.domElement);
  const invalidate = useThree((state) => state.invalidate);
  const get = useThree((state) => state.get);

  useEffect(() => {
    const orbit = new OrbitControls(camera, element);
    const { width, height } = get().size;
    // From farther away where the view is narrow.
    camera.position.set(...START).multiplyScalar(Math.max(1, height / width));
    orbit.target.set(0, 0.5, 0);
    orbit.maxPolarAngle = Math.PI / 2 - 0.05;
    orbit.minDistance = 2;
    orbit.maxDistance = 60;
    orbit.addEventListener('change', () => invalidate());
    orbit.update();
    controls.current = orbit;
    return () => {
      controls.current = null;
      orbit.dispose();
    };
  }, [camera, element, invalidate, get, controls]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each place of theirs begins another way there
  useEffect(() => invalidate(), [target, invalidate]);

  useFrame(() => {
    const orbit = controls.current;
    if (!target || !orbit) {
      return;
    }
    const way = new Vector3(...target).sub(orbit.target);
    if (way.length() > ARRIVED) {
      const step = way.multiplyScalar(1 - LEFT);
      orbit.target.add(step);
      camera.position.add(step);
      orbit.update();
      invalidate();
    }
  });

  return null;
}
