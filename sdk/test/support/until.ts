/** Something that can be read and that tells when it is different. */
interface Readable<T> {
  getSnapshot(): T;
  subscribe(listener: () => void): () => void;
}

/** Resolves with the snapshot as soon as `holds` is true of it. The test's own deadline ends the wait. */
export function until<T>(source: Readable<T>, holds: (snapshot: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const snapshot = source.getSnapshot();
      if (!holds(snapshot)) {
        return false;
      }
      unsubscribe();
      resolve(snapshot);
      return true;
    };
    let unsubscribe = (): void => {};
    if (!look()) {
      unsubscribe = source.subscribe(look);
    }
  });
}
