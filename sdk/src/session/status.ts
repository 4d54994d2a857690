import { isHidden, watchVisibility } from '../connection/wake.ts';
import type { Status } from '../protocol/index.ts';

/** This session's status: what the user chose, or `away` while nobody sees the page. */
export interface PresenceStatus {
  get(): Status;
  choose(status: Status): void;
  /** Stops to follow the page. */
  stop(): void;
}

/** `changed` is called whenever the status is another one; `followsPage` lets a hidden page be `away`. */
export function createPresenceStatus(followsPage: boolean, changed: () => void): PresenceStatus {
  let chosen: Status = 'active';
  let told = effective();
  const stop = followsPage ? watchVisibility(update) : () => {};

  function effective(): Status {
    return followsPage && isHidden() ? 'away' : chosen;
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
    stop,
  };
}
