/** Lets through the first request at once, and of those that follow within the interval the last one, at its end. */
export interface Throttle {
  /** Something waits to be sent. */
  request(): void;
  /** Forgets what waits. */
  cancel(): void;
}

/** `send` is called at most once per `intervalMs` milliseconds; it returns false to be called again after another one. */
export function createThrottle(intervalMs: number, send: () => boolean): Throttle {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWaiting = false;

  function run(): void {
    timer = setTimeout(tick, intervalMs);
    isWaiting = !send();
  }

  function tick(): void {
    timer = undefined;
    if (isWaiting) {
      run();
    }
  }

  return {
    request() {
      isWaiting = true;
      if (timer === undefined) {
        run();
      }
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
      isWaiting = false;
    },
  };
}
