import { isHidden, watchVisibility } from '../connection/wake.ts';
import type { Status } from '../protocol/index.ts';
import { watchIdleness } from './idleness.ts';

/** What lets a status be another one than the user chose. */
export interface StatusRules {
  /** Is a hidden page `away`? */
  readonly followsPage: boolean;
  /** Milliseconds without input after which an active user is `idle`; undefined for never. */
  readonly idleAfter: number | undefined;
}

/** This session's status: what the user chose, or `away` while nobody sees the page, or `idle` while nobody uses it. */
export interface PresenceStatus {
  get(): Status;
  choose(status: Status): void;
  /** Stops to watch the page. */
  stop(): void;
}

/** `changed` is called whenever the status is another one. */
export function createPresenceStatus(
  { followsPage, idleAfter }: StatusRules,
  changed: () => void,
): PresenceStatus {
  let chosen: Status = 'active';
  // Outside of pages nobody could be seen to come back.
  const isWatched = idleAfter !== undefined && typeof document !== 'undefined';
  const idleness = isWatched ? watchIdleness(idleAfter, update) : undefined;
  let told = effective();
  const unwatch = followsPage ? watchVisibility(update) : () => {};

  function effective(): Status {
    if (followsPage && isHidden()) {
      return 'away';
    }
    return chosen === 'active' && idleness?.isIdle() ? 'idle' : chosen;
  }

  function update(): void {
    const status = effective();
    if (status !== told) {
      told = status;
      changed();
    }
  }

  return {
    get: () => told,
    choose(status) {
      chosen = status;
      update();
    },
    stop() {
      unwatch();
      idleness?.stop();
    },
  };
}
