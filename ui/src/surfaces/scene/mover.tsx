import { useThree } from '@react-three/fiber';
import { type RefObject, useLayoutEffect } from 'react';
import type { Object3D } from 'three';
import type { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { TransformControls } from 'three/addons/controls/TransformControls.js';
import { degreesOf, rounded } from './model.ts';
import type { SceneActions } from './use-scene.ts';

/** Milliseconds between two places that others are told of. The last one is always told. */
const TELL_MS = 50;

export type Mode = 'translate' | 'rotate';

export interface MoverProps {
  readonly id: string;
  readonly object: Object3D;
  readonly mode: Mode;
  /** They rest while one drags. */
  readonly orbit: RefObject<OrbitControls | null>;
  readonly actions: SceneActions;
}

/** Handles at the selected solid, to move or to turn it. */
export function Mover({ id, object, mode, orbit, actions }: MoverProps): null {
  const { camera, gl, scene, invalidate } = useThree();

  // Before the next frame is drawn: the handles of a solid that somebody removed hang on nothing.
  useLayoutEffect(() => {
    const controls = new TransformControls(camera, gl.domElement);
    const helper = controls.getHelper();
    let toldAt = 0;
    let isMoved = false;
    const tell = () => {
      const { position, rotation } = object;
      const fields =
        mode === 'translate'
          ? { at: rounded([position.x, position.y, position.z]) }
          : { turn: rounded(degreesOf([rotation.x, rotation.y, rotation.z])) };
      actions.drag(id, fields);
      toldAt = performance.now();
    };
    controls.setMode(mode);
    controls.setSize(0.8);
    controls.attach(object);
    controls.addEventListener('change', () => invalidate());
    controls.addEventListener('objectChange', () => {
      isMoved = true;
      if (performance.now() - toldAt >= TELL_MS) {
        tell();
      }
    });
    controls.addEventListener('dragging-changed', ({ value }) => {
      if (orbit.current) {
        orbit.current.enabled = !value;
      }
      if (!value && isMoved) {
        isMoved = false;
        tell();
        actions.drop();
      }
    });
    scene.add(helper);
    invalidate();
    return () => {
      scene.remove(helper);
      controls.detach();
      controls.dispose();
      invalidate();
    };
  }, [id, object, mode, orbit, actions, camera, gl, scene, invalidate]);

  return null;
}
