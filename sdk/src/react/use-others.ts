import type { Presence } from '../protocol/index.ts';
import { useSnapshot } from './use-snapshot.ts';

/** Everybody else in the project, the longest here first. A person with several tabs is one. Cursor moves change nothing. */
export function useOthers(): readonly Presence[] {
  return useSnapshot((snapshot) => snapshot.others);
}
