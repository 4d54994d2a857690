import { useSyncExternalStore } from 'react';

/** A value that the browser keeps, and that components see change. */
export interface Stored<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

/**
 * A value under `key` of the storage that `where` names. What is there and cannot be understood counts as nothing, and a
 * browser that keeps nothing has the value for as long as the page is open.
 */
export function createStored<T>(
  where: 'localStorage' | 'sessionStorage',
  key: string,
  parse: (text: string | null) => T,
  format: (value: T) => string | null,
): Stored<T> {
  const listeners = new Set<() => void>();
  let value = parse(read());

  function read(): string | null {
    try {
      return globalThis[where].getItem(key);
    } catch {
      return null;
    }
  }

  function write(text: string | null): void {
    try {
      if (text === null) {
        globalThis[where].removeItem(key);
      } else {
        globalThis[where].setItem(key, text);
      }
    } catch {
      // Storage is full or forbidden.
    }
  }

  function tell(next: T): void {
    value = next;
    for (const listener of listeners) {
      listener();
    }
  }

  // Another tab of the same person changed it.
  globalThis.addEventListener?.('storage', (event) => {
    if (event.key === key && event.storageArea === globalThis[where]) {
      tell(parse(event.newValue));
    }
  });

  return {
    get: () => value,
    set(next) {
      write(format(next));
      tell(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStored<T>({ subscribe, get }: Stored<T>): T {
  return useSyncExternalStore(subscribe, get, get);
}
