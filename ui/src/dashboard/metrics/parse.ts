/** One number of the server's. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples by the names of their metrics. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? +(\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/gy;

/**
 * Reads numbers out of the Prometheus or OpenMetrics text format. What it does not understand, it leaves out: a server may
 * be newer than the page.
 */
export function parseMetrics(text: string): Samples {
  const samples = new Map<string, Sample[]>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', number = ''] = LINE.exec(line) ?? [];
    const value = numberOf(number);
    if (name === undefined || Number.isNaN(value)) {
      continue;
    }
    const known = samples.get(name);
    const sample = { labels: labelsOf(labels), value };
    if (known) {
      known.push(sample);
    } else {
      samples.set(name, [sample]);
    }
  }
  return samples;
}

function numberOf(text: string): number {
  switch (text) {
    case '':
      return Number.NaN;
    case '+Inf':
      return Number.POSITIVE_INFINITY;
    case '-Inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return Number(text);
  }
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(LABEL)) {
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}
