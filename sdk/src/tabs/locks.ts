/** What is used of the browser's Web Locks. */
export type Locks = Pick<LockManager, 'request'>;

/** Holds a lock until the returned function is called, or the tab is gone; `held` is called once it has it. */
export function hold(locks: Locks, name: string, held: () => void): () => void {
  const withdrawn = new AbortController();
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const grant = (): Promise<void> => {
    held();
    return released;
  };
  locks.request(name, { signal: withdrawn.signal }, grant).catch(() => {});
  return () => {
    withdrawn.abort();
    release();
  };
}

/** Calls `gone` when nobody holds the lock any more, unless the returned function was called before. */
export function watch(locks: Locks, name: string, gone: () => void): () => void {
  const unwatched = new AbortController();
  const grant = (): void => (unwatched.signal.aborted ? undefined : gone());
  locks.request(name, { signal: unwatched.signal }, grant).catch(() => {});
  return () => unwatched.abort();
}
