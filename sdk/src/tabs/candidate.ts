import type { Locks } from './locks.ts';

/** What a tab does while it leads. */
export interface Lead {
  /** It leads no more. */
  end(): void;
}

/** A tab that leads as soon as no other one does. */
export interface Candidate {
  /** Is one until the returned function is called; whoever leads goes on for as long as others need it. */
  stand(): () => void;
  /** Leads now, whoever else does: that tab does not answer. */
  takeOver(): void;
}

/** `begin` is called when the tab leads, with what it calls when nobody needs it any more. */
export function createCandidate(
  locks: Locks,
  name: string,
  begin: (finished: () => void) => Lead,
): Candidate {
  let stands = 0;
  let waiting: AbortController | undefined;
  let isLeading = false;

  async function queue(): Promise<void> {
    const mine = new AbortController();
    waiting = mine;
    await request({ signal: mine.signal });
    waiting = waiting === mine ? undefined : waiting;
    standAgain();
  }

  /** Waits for the lock, leads, and resolves when that is over, or was never to be. */
  async function request(options: LockOptions): Promise<void> {
    let lead: Lead | undefined;
    const grant = (): Promise<void> | undefined => {
      if (stands === 0) {
        return undefined;
      }
      isLeading = true;
      return new Promise((resolve) => {
        lead = begin(resolve);
      });
    };
    // Rejected when another tab takes over, and when one waits no longer.
    await locks.request(name, options, grant).catch(() => {});
    if (lead) {
      isLeading = false;
      lead.end();
    }
  }

  function standAgain(): void {
    if (stands > 0 && !waiting && !isLeading) {
      void queue();
    }
  }

  return {
    stand() {
      stands += 1;
      standAgain();
      let stood = true;
      return () => {
        stands -= stood ? 1 : 0;
        stood = false;
        if (stands === 0 && !isLeading) {
          waiting?.abort();
          waiting = undefined;
        }
      };
    },
    takeOver() {
      if (!isLeading) {
        isLeading = true;
        waiting?.abort();
        waiting = undefined;
        void request({ steal: true }).then(() => {
          isLeading = false;
          standAgain();
        });
      }
    },
  };
}
