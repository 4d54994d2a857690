import type { Presence } from '../protocol/index.ts';
import { useSnapshot } from './use-snapshot.ts';

/** Oneself as others see it; undefined until the session has joined. */
export function useSelf(): Presence | undefined {
  return useSnapshot((snapshot) => snapshot.self);
}
