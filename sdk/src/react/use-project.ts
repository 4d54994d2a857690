import { useContext } from 'react';
import type { Project } from '../project.ts';
import { CollabContext } from './context.ts';

/** The project, to act in it: `switchDocument`, `setStatus`, `leave`. Undefined until it has begun to connect. */
export function useProject(): Project | undefined {
  return useContext(CollabContext);
}
