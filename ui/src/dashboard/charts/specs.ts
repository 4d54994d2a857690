import { countOf, quantileOf, rateOf } from '../metrics/change.ts';
import type { Reading } from '../metrics/reading.ts';
import type { Unit } from '../units.ts';

/** One line that is always there. */
interface FixedLine {
  readonly name: string;
  readonly label: string;
}

/** One chart: what it shows, and in words what that means. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly unit: Unit;
  readonly lines: readonly FixedLine[];
  /** Lines that appear with what they count: those whose names begin so. */
  readonly family?: string;
  /** What to say of a family of which there is nothing. */
  readonly none?: string;
}

const HISTOGRAM = 'collabd_delivery_wait_seconds';

export const CHARTS: readonly ChartSpec[] = [
  {
    id: 'people',
    title: 'Connections',
    meaning:
      'WebSockets that are open, and sessions: connections that have joined a project. A person with three tabs has three of each.',
    unit: 'count',
    lines: [
      { name: 'connections', label: 'Connections' },
      { name: 'sessions', label: 'Sessions' },
    ],
  },
  {
    id: 'projects',
    title: 'Projects and documents',
    meaning: 'Projects that somebody is in, and shared documents that are in memory.',
    unit: 'count',
    lines: [
      { name: 'projects', label: 'Projects' },
      { name: 'documents', label: 'Documents' },
    ],
  },
  {
    id: 'in',
    title: 'Messages in',
    meaning: 'What clients send: messages of presence and cursors, and changes of shared documents.',
    unit: 'perSecond',
    lines: [
      { name: 'in', label: 'Messages' },
      { name: 'updates', label: 'Document changes' },
    ],
  },
  {
    id: 'out',
    title: 'Messages out',
    meaning: 'What the server hands to clients. One message to ten people counts ten times.',
    unit: 'perSecond',
    lines: [
      { name: 'out', label: 'Messages' },
      { name: 'documentsOut', label: 'Document changes' },
    ],
  },
  {
    id: 'cursors',
    title: 'Cursors',
    meaning:
      'Cursor moves that arrived, and those of them that a newer move replaced before anybody was told. Replacing is how the server keeps up; the last position always arrives.',
    unit: 'perSecond',
    lines: [
      { name: 'moves', label: 'Moves' },
      { name: 'conflated', label: 'Conflated' },
    ],
  },
  {
    id: 'latency',
    title: 'Delivery latency',
    meaning:
      'How long messages wait in the server, from the moment that they are ready until they are handed to the network: half of all writes, and 99 of 100, took no longer than this. Rounded up to a bound of the server’s.',
    unit: 'seconds',
    lines: [
      { name: 'latency50', label: 'Half' },
      { name: 'latency99', label: '99 %' },
    ],
  },
  {
    id: 'departures',
    title: 'Departures, last minute',
    meaning: 'Sessions that ended within the last minute, by the reason that the others were told.',
    unit: 'count',
    lines: [],
    family: 'departure:',
    none: 'Nobody has left',
  },
  {
    id: 'evictions',
    title: 'Evictions, last minute',
    meaning:
      'Clients that did not read what they were sent: closed because too much waited for them, or given one picture of all cursors instead of every move.',
    unit: 'count',
    lines: [
      { name: 'slow', label: 'Closed' },
      { name: 'lagging', label: 'Fell behind' },
    ],
  },
  {
    id: 'refusals',
    title: 'Refusals, last minute',
    meaning: 'Connections and messages that the server refused within the last minute, by reason.',
    unit: 'count',
    lines: [],
    family: 'refusal:',
    none: 'Nothing was refused',
  },
  {
    id: 'tasks',
    title: 'Tasks',
    meaning:
      'Tasks that the server runs, about one for each connection and project. When they grow while connections do not, that is a leak.',
    unit: 'count',
    lines: [{ name: 'tasks', label: 'Tasks' }],
  },
  {
    id: 'memory',
    title: 'Memory',
    meaning: 'Memory that the server’s process occupies.',
    unit: 'bytes',
    lines: [{ name: 'memory', label: 'Memory' }],
  },
  {
    id: 'unsaved',
    title: 'Not saved yet',
    meaning:
      'Changes of documents that wait for the database. When this does not fall, the disk is full or the database is away.',
    unit: 'bytes',
    lines: [{ name: 'unsaved', label: 'Waiting' }],
  },
];

const GAUGES: Readonly<Record<string, string>> = {
  connections: 'collabd_connections',
  sessions: 'collabd_sessions',
  projects: 'collabd_projects',
  documents: 'collabd_documents_open',
  tasks: 'collabd_tasks',
  memory: 'collabd_memory_bytes',
  unsaved: 'collabd_document_unsaved_bytes',
};

const RATES: Readonly<Record<string, string>> = {
  in: 'collabd_messages_total',
  updates: 'collabd_document_updates_total',
  out: 'collabd_deliveries_total',
  documentsOut: 'collabd_document_deliveries_total',
  moves: 'collabd_cursor_moves_total',
  conflated: 'collabd_cursor_conflations_total',
};

const COUNTS: Readonly<Record<string, readonly string[]>> = {
  slow: ['collabd_slow_consumers_total', 'collabd_document_slow_consumers_total'],
  lagging: ['collabd_lagging_receivers_total'],
};

const FAMILIES = [
  { prefix: 'departure:', metric: 'collabd_departures_total', label: 'reason' },
  { prefix: 'refusal:connection ', metric: 'collabd_upgrades_refused_total', label: 'reason' },
  { prefix: 'refusal:message ', metric: 'collabd_messages_refused_total', label: 'reason' },
  { prefix: 'refusal:limit ', metric: 'collabd_limit_hits_total', label: 'limit' },
] as const;

/** What is counted over a time rather than each second: it happens rarely. */
const COUNT_SECONDS = 60;

/** What the charts show of a reading. */
export function measure(now: Reading, earlier: readonly Reading[]): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const put = (name: string, value: number | undefined): void => {
    if (value !== undefined) {
      values.set(name, value);
    }
  };
  const before = earlier.at(-1);
  for (const [name, metric] of Object.entries(GAUGES)) {
    put(name, now.value(metric));
  }
  for (const [name, metric] of Object.entries(RATES)) {
    put(
      name,
      // One with labels is not there before its first event, and that is none.
      rateOf(before, now, (reading) => reading.value(metric) ?? 0),
    );
  }
  for (const [name, metrics] of Object.entries(COUNTS)) {
    const sum = (reading: Reading) =>
      metrics.reduce((total, metric) => total + (reading.value(metric) ?? 0), 0);
    put(name, countOf(earlier, now, COUNT_SECONDS, sum));
  }
  for (const { prefix, metric, label } of FAMILIES) {
    for (const reason of now.by(metric, label).keys()) {
      const ofReason = (reading: Reading) => reading.by(metric, label).get(reason);
      put(`${prefix}${reason}`, countOf(earlier, now, COUNT_SECONDS, ofReason));
    }
  }
  put('latency50', quantileOf(before, now, HISTOGRAM, 0.5));
  put('latency99', quantileOf(before, now, HISTOGRAM, 0.99));
  return values;
}
