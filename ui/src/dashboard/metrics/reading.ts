import { parseMetrics, type Sample, type Samples } from './parse.ts';

/** What the server said of itself at one moment. */
export class Reading {
  /** When the server's process began, in seconds since 1970 by its own clock: another one is another process. */
  readonly startedAt: number;
  /** Seconds since then by its own clock, which never goes back. */
  readonly uptime: number;
  readonly #samples: Samples;

  /** @throws Error unless the text holds the server's own time. */
  constructor(text: string) {
    this.#samples = parseMetrics(text);
    const startedAt = this.value('collabd_start_time_seconds');
    const uptime = this.value('collabd_uptime_seconds');
    if (startedAt === undefined || uptime === undefined) {
      throw new Error('these are no metrics of collabd');
    }
    this.startedAt = startedAt;
    this.uptime = uptime;
  }

  /** The moment, in seconds since 1970. */
  get at(): number {
    return this.startedAt + this.uptime;
  }

  /** The sum over all labels, or undefined for what the server does not know. */
  value(name: string): number | undefined {
    const samples = this.#samples.get(name);
    return samples?.reduce((sum, sample) => sum + sample.value, 0);
  }

  /** Every value of a metric by its label. */
  by(name: string, label: string): ReadonlyMap<string, number> {
    const samples: readonly Sample[] = this.#samples.get(name) ?? [];
    return new Map(samples.map(({ labels, value }) => [labels[label] ?? '', value]));
  }

  /** How many of a histogram's observations were at most its upper bounds, by bound, in their order. */
  buckets(name: string): readonly (readonly [bound: number, count: number])[] {
    const samples = this.#samples.get(`${name}_bucket`) ?? [];
    const bounds = samples.map(({ labels, value }) => [boundOf(labels.le ?? ''), value] as const);
    return bounds.sort(([a], [b]) => a - b);
  }

  /** Was it the same process that said `other`, and before this? */
  follows(other: Reading): boolean {
    return this.startedAt === other.startedAt && this.uptime > other.uptime;
  }
}

function boundOf(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
}
