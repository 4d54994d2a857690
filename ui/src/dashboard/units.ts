/** In what a figure is counted. */
export type Unit = 'count' | 'perSecond' | 'bytes' | 'seconds';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** From here on, digits are left out. */
const LARGE = 100_000;

/** A figure as people read it, with its unit; a dash for none. */
export function format(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }
  switch (unit) {
    case 'count':
      return count(value);
    case 'perSecond':
      return `${value < 10 ? precise.format(Math.round(value * 10) / 10) : count(value)}/s`;
    case 'bytes':
      return bytes(value);
    case 'seconds':
      return seconds(value);
  }
}

function count(value: number): string {
  return Math.abs(value) < LARGE ? whole.format(value) : short.format(value);
}

function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [scaled, at] = [value, 0];
  while (scaled >= 1_024 && at < units.length - 1) {
    scaled /= 1_024;
    at += 1;
  }
  return `${scaled < 100 ? precise.format(scaled) : whole.format(scaled)} ${units[at]}`;
}

function seconds(value: number): string {
  if (value === Number.POSITIVE_INFINITY) {
    return 'more';
  }
  return value < 1 ? `${precise.format(value * 1_000)} ms` : `${precise.format(value)} s`;
}

const STEPS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** A time that has passed, in its two largest units. */
export function formatDuration(total: number): string {
  const at = STEPS.findIndex(([, size]) => total >= size);
  if (at < 0) {
    return '0 s';
  }
  let rest = Math.floor(total);
  const words = STEPS.slice(at, at + 2).map(([unit, size]) => {
    const times = Math.floor(rest / size);
    rest -= times * size;
    return times > 0 ? `${times} ${unit}` : '';
  });
  return words.filter(Boolean).join(' ');
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** A moment of today, to the second. */
export function formatTime(milliseconds: number): string {
  return clock.format(milliseconds);
}
