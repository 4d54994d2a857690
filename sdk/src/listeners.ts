/** Functions to call when something happens. */
export interface Listeners<A extends unknown[]> {
  /** Calls `listener` every time until the returned function is called. */
  add(listener: (...event: A) => void): () => void;
  /** Calls all of them, in the order they came. What one throws is reported and keeps nobody from hearing. */
  call(...event: A): void;
}

export function createListeners<A extends unknown[]>(): Listeners<A> {
  // Boxed, so that one function may be added twice and each addition ends by itself.
  const boxes = new Set<{ listener: (...event: A) => void }>();
  return {
    add(listener) {
      const box = { listener };
      boxes.add(box);
      return () => void boxes.delete(box);
    },
    call(...event) {
      for (const box of [...boxes]) {
        try {
          box.listener(...event);
        } catch (error) {
          report(error);
        }
      }
    },
  };
}

/** Throws `error` where nobody's work depends on it: it reaches the page's or process's handler of errors. */
export function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
