import { useSyncExternalStore } from 'react';
import type { ProjectSnapshot } from '../project.ts';
import { EMPTY_SNAPSHOT } from '../project-store.ts';
import { useProject } from './use-project.ts';

const nothingToSubscribe = (): (() => void) => () => {};

/** A part of the project's snapshot. `select` must return the same reference for the same snapshot. */
export function useSnapshot<T>(select: (snapshot: ProjectSnapshot) => T): T {
  const project = useProject();
  return useSyncExternalStore(
    project?.subscribe ?? nothingToSubscribe,
    () => select(project?.getSnapshot() ?? EMPTY_SNAPSHOT),
    () => select(EMPTY_SNAPSHOT),
  );
}
