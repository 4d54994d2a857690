import { createListeners } from './listeners.ts';

/** A value that is replaced, never changed, and tells when it was. */
export interface Store<T> {
  /** The value; the same reference until it is replaced. */
  get(): T;
  /** Replaces the value and calls every listener, unless it is the one that is there. */
  set(value: T): void;
  /** Calls `listener` after every replacement until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = createListeners<[]>();
  return {
    get: () => value,
    set(next) {
      if (!Object.is(next, value)) {
        value = next;
        listeners.call();
      }
    },
    subscribe: listeners.add,
  };
}
