import type { SavedState } from './document.ts';

/** Keeps count of what was changed here, what of it was sent, and what the server has on disk. */
export interface Ledger {
  /** Something was changed here that no message holds yet. */
  changed(): void;
  /** One more `step2` or `update` has left, with every change so far. */
  sent(): void;
  /** The server has the first `count` messages of this connection on disk. */
  confirmed(count: number): void;
  /** The server takes no edits, or takes them again. */
  setReadOnly(isReadOnly: boolean): void;
  /** Messages are counted anew. Nothing is confirmed until all that is here was sent in answer to the server. */
  online(): void;
  /** The connection is gone, and with it what was not confirmed. */
  offline(): void;
  /** All that is here, from any time, was sent on this connection. */
  sentAll(): void;
  state(): SavedState;
}

export function createLedger(): Ledger {
  /** Are there changes that the server has not confirmed? */
  let isDirty = false;
  /** Are there changes that no message of this connection holds? */
  let isPending = false;
  let isOnline = false;
  let isReadOnly = false;
  let isAllSent = false;
  let sentCount = 0;

  function reset(online: boolean): void {
    isOnline = online;
    isAllSent = false;
    sentCount = 0;
  }

  return {
    changed() {
      isDirty = true;
      isPending = true;
    },
    sent() {
      isPending = false;
      sentCount += 1;
    },
    sentAll() {
      isAllSent = true;
    },
    confirmed(count) {
      if (isAllSent && !isPending && count === sentCount) {
        isDirty = false;
      }
    },
    setReadOnly(value) {
      isReadOnly = value;
    },
    online: () => reset(true),
    offline: () => reset(false),
    state() {
      if (!isDirty) {
        return 'saved';
      }
      if (isReadOnly) {
        return 'refused';
      }
      return isOnline ? 'saving' : 'offline';
    },
  };
}
