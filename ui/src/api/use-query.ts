import { useCallback, useEffect, useRef, useState } from 'react';

/** An answer of the server, kept fresh. */
export interface Query<T> {
  /** The newest answer; stays while later questions fail. */
  readonly data: T | undefined;
  /** Why the newest question has none. */
  readonly error: unknown;
  /** Asks again now. Resolves when the answer is shown. */
  readonly refresh: () => Promise<void>;
}

/**
 * Asks now, every `periodMs` while the page is looked at, and whenever it is looked at again. `question` must keep its
 * reference as long as it is the same question. The answer to another one takes the place of the last when it is there.
 */
export function useQuery<T>(question: (signal: AbortSignal) => Promise<T>, periodMs: number): Query<T> {
  const [state, setState] = useState<{ data: T | undefined; error: unknown }>({
    data: undefined,
    error: undefined,
  });
  const asking = useRef<AbortController>(undefined);

  const refresh = useCallback(async () => {
    asking.current?.abort();
    const controller = new AbortController();
    asking.current = controller;
    try {
      const data = await question(controller.signal);
      if (!controller.signal.aborted) {
        setState({ data, error: undefined });
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        setState(({ data }) => ({ data, error }));
      }
    }
  }, [question]);

  useEffect(() => {
    void refresh();
    const whenVisible = () => void (document.visibilityState === 'visible' && refresh());
    const timer = setInterval(whenVisible, periodMs);
    document.addEventListener('visibilitychange', whenVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', whenVisible);
      asking.current?.abort();
    };
  }, [refresh, periodMs]);

  return { ...state, refresh };
}
