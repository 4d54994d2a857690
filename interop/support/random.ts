/** The same numbers for the same seed (mulberry32), so that a failure can be had again. */
export class Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.fraction() * end);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(of: readonly T[]): T {
    const picked = of[this.below(of.length)];
    if (picked === undefined) {
      throw new RangeError('nothing to pick from');
    }
    return picked;
  }
}

/** What `SEED` says; without it two that are always the same and one that nobody has seen before. */
export function seeds(): number[] {
  const given = process.env.SEED;
  return given ? given.split(',').map(Number) : [1, 2, Date.now() % 2 ** 32];
}
