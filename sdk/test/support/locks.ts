import type { Locks } from '../../src/tabs/locks.ts';

/** One who waits for a lock or has it. */
interface Claim {
  readonly grant: () => unknown;
  readonly settle: (outcome: unknown) => void;
  readonly fail: (error: Error) => void;
}

/** The locks of one browser, for Node 20, which has none: in order, withdrawn and stolen as the standard says. */
export function createLocks(): Locks {
  const queues = new Map<string, Claim[]>();

  function begin(name: string): void {
    const [claim] = queues.get(name) ?? [];
    if (claim) {
      Promise.resolve()
        .then(claim.grant)
        .then(
          (outcome) => remove(name, claim, () => claim.settle(outcome)),
          (error: Error) => remove(name, claim, () => claim.fail(error)),
        );
    }
  }

  function remove(name: string, claim: Claim, settle: () => void): void {
    const queue = queues.get(name) ?? [];
    const place = queue.indexOf(claim);
    if (place >= 0) {
      queue.splice(place, 1);
      settle();
      if (place === 0) {
        begin(name);
      }
    }
  }

  function request(
    name: string,
    options: LockOptions | LockGrantedCallback<unknown>,
    callback?: LockGrantedCallback<unknown>,
  ): Promise<unknown> {
    const { signal, steal } = typeof options === 'function' ? ({} as LockOptions) : options;
    const granted = typeof options === 'function' ? options : callback;
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    return new Promise((settle, fail) => {
      const claim: Claim = { grant: () => granted?.(null), settle, fail };
      if (steal) {
        queue.shift()?.fail(new Error('stolen'));
        queue.unshift(claim);
      } else {
        queue.push(claim);
      }
      signal?.addEventListener('abort', () => {
        if (queue[0] !== claim) {
          remove(name, claim, () => fail(new Error('withdrawn')));
        }
      });
      if (queue[0] === claim) {
        begin(name);
      }
    });
  }

  return { request } as Locks;
}
