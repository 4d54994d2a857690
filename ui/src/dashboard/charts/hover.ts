import { useSyncExternalStore } from 'react';

/** Which point of the charts is pointed at, the same in all of them; undefined for none. */
let pointed: number | undefined;
const listeners = new Set<() => void>();

export function pointAtPoint(index: number | undefined): void {
  if (index !== pointed) {
    pointed = index;
    for (const listener of listeners) {
      listener();
    }
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePointed(): number | undefined {
  return useSyncExternalStore(subscribe, () => pointed);
}
