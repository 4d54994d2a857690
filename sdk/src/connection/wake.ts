/** Calls `wake` when the network is back or the page is looked at again, until the returned function is called. */
export function watchWake(wake: () => void): () => void {
  const whenVisible = (): void => {
    if (!isHidden()) {
      wake();
    }
  };
  const page = typeof document === 'undefined' ? undefined : document;
  const scope = typeof addEventListener === 'undefined' ? undefined : globalThis;
  scope?.addEventListener('online', wake);
  scope?.addEventListener('pageshow', whenVisible);
  page?.addEventListener('visibilitychange', whenVisible);
  return () => {
    scope?.removeEventListener('online', wake);
    scope?.removeEventListener('pageshow', whenVisible);
    page?.removeEventListener('visibilitychange', whenVisible);
  };
}

/** Calls `change` whenever the page is hidden or shown, until the returned function is called. */
export function watchVisibility(change: () => void): () => void {
  if (typeof document === 'undefined') {
    return () => {};
  }
  document.addEventListener('visibilitychange', change);
  return () => document.removeEventListener('visibilitychange', change);
}

/** Is this a page that nobody sees? Never outside of browsers. */
export function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden';
}
