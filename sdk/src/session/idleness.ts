/** Input that shows that somebody is there. */
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;
const LISTENING = { capture: true, passive: true } as const;
/** The longest time that a timer can wait. */
const LONGEST_MS = 0x7fff_ffff;

/** Whether anybody does anything in this page. */
export interface Idleness {
  isIdle(): boolean;
  stop(): void;
}

/** Idle is who has done nothing for `afterMs` milliseconds; `changed` is called when that begins and when it ends. */
export function watchIdleness(afterMs: number, changed: () => void): Idleness {
  let lastSign = Date.now();
  let isIdle = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  // A timer for each silence, not for each of the hundred movements a second.
  function look(): void {
    const left = lastSign + afterMs - Date.now();
    if (left > 0) {
      timer = setTimeout(look, Math.min(left, LONGEST_MS));
    } else {
      isIdle = true;
      changed();
    }
  }

  function sign(): void {
    lastSign = Date.now();
    if (isIdle) {
      isIdle = false;
      look();
      changed();
    }
  }

  look();
  for (const type of SIGNS) {
    addEventListener(type, sign, LISTENING);
  }
  return {
    isIdle: () => isIdle,
    stop() {
      clearTimeout(timer);
      for (const type of SIGNS) {
        removeEventListener(type, sign, LISTENING);
      }
    },
  };
}
