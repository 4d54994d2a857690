/** Milliseconds of silence after which the server is asked for a sign of life. */
const QUIET_MS = 25_000;
/** Milliseconds the server has to answer. */
const ANSWER_MS = 5_000;
/** A timer that is this many milliseconds late ran in a page or machine that slept meanwhile. */
const LATE_MS = 1_000;

/** Watches whether anything still arrives: a connection may be dead for hours before its socket says so. */
export interface Liveness {
  /** Something arrived. */
  heard(): void;
  /** Asks now, as after a sleep. */
  probe(): void;
  /** Ends the watch. */
  stop(): void;
}

/** Begins to watch a connection: `ping` asks for an answer, `silent` is called once if none comes. */
export function watchLiveness(ping: () => void, silent: () => void): Liveness {
  let timer: ReturnType<typeof setTimeout>;
  let isAsking = false;

  function listen(): void {
    isAsking = false;
    clearTimeout(timer);
    timer = setTimeout(ask, QUIET_MS);
  }

  function ask(): void {
    isAsking = true;
    clearTimeout(timer);
    const due = Date.now() + ANSWER_MS;
    // The answer may have come while nothing ran here and wait behind this timer: then ask again.
    timer = setTimeout(() => (Date.now() - due > LATE_MS ? ask() : silent()), ANSWER_MS);
    ping();
  }

  listen();
  return {
    heard: listen,
    probe() {
      if (!isAsking) {
        ask();
      }
    },
    stop: () => clearTimeout(timer),
  };
}
