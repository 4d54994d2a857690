import type { Server } from './server.ts';

/** What is in the documents of the example: each as JSON of its roots. */
const CONTENT: Readonly<Record<string, unknown>> = {
  canvas: {
    nodes: {
      sensors: { label: 'Sensors', at: [0, 40] },
      ingest: { label: 'Ingest', at: [210, 40] },
      clean: { label: 'Clean and check', at: [410, -50] },
      store: { label: 'Store', at: [420, 130] },
      model: { label: 'Flood model', at: [660, -50] },
      alerts: { label: 'Alerts', at: [900, 10] },
      map: { label: 'Public map', at: [680, 130] },
    },
    edges: {
      a: { source: 'sensors', target: 'ingest' },
      b: { source: 'ingest', target: 'clean' },
      c: { source: 'ingest', target: 'store' },
      d: { source: 'clean', target: 'model' },
      e: { source: 'model', target: 'alerts' },
      f: { source: 'store', target: 'map' },
    },
  },
  spreadsheet: {
    cells: {
      A1: 'Station',
      B1: 'Sensors',
      C1: 'Each, €',
      D1: 'Sum, €',
      ...Object.fromEntries(
        [
          ['Old bridge', 4, 310],
          ['Mill weir', 2, 310],
          ['Harbour', 6, 285],
          ['North lock', 3, 340],
          ['Reservoir', 5, 295],
        ].flatMap(([name, count, price], index) => [
          [`A${index + 2}`, `${name}`],
          [`B${index + 2}`, `${count}`],
          [`C${index + 2}`, `${price}`],
          [`D${index + 2}`, `=B${index + 2}*C${index + 2}`],
        ]),
      ),
      A8: 'Total',
      B8: '=SUM(B2:B6)',
      D8: '=SUM(D2:D6)',
      A9: 'Average',
      D9: '=D8/B8',
    },
  },
  code_editor: {
    content: `import { readings } from './sensors';

/** Centimetres above which a station is watched. */
const WATCH = 180;

export interface Alert {
  station: string;
  level: number;
  rising: boolean;
}

/** Stations that are above the mark, the highest first. */
export async function alerts(limit = WATCH): Promise<Alert[]> {
  const found: Alert[] = [];
  for await (const { station, level, before } of readings()) {
    if (level > limit) {
      found.push({ station, level, rising: level > before });
    }
  }
  return found.sort((a, b) => b.level - a.level);
}
`,
  },
  timeline: {
    clips: {
      a: { label: 'Survey', track: 0, start: 1_000, end: 9_000, color: '#C8327C' },
      b: { label: 'Permits', track: 1, start: 4_000, end: 16_000, color: '#1F855B' },
      c: { label: 'Build stations', track: 0, start: 10_000, end: 21_000, color: '#C8327C' },
      d: { label: 'Wire up', track: 2, start: 14_000, end: 24_000, color: '#3E63DD' },
      e: { label: 'Calibrate', track: 3, start: 22_000, end: 30_000, color: '#3E63DD' },
      f: { label: 'Open to the public', track: 4, start: 28_000, end: 38_000, color: '#1F855B' },
    },
  },
  '3d': {
    solids: {
      a: solid('Pier', 'box', [0, 0.5, 0], '#C8327C'),
      b: solid('Gauge', 'cylinder', [2, 0.5, -1], '#3E63DD', [0, 30, 0]),
      c: solid('Buoy', 'ball', [-1.8, 0.5, 1.4], '#1F855B'),
      d: solid('Mast', 'cone', [0, 1.5, 0], '#C8327C'),
      e: solid('Hut', 'box', [-2.6, 0.5, -1.8], '#3E63DD', [0, 35, 0]),
    },
  },
};

function solid(label: string, form: string, at: number[], color: string, turn = [0, 0, 0]): object {
  return { label, form, at, color, turn };
}

/** Makes of a new server's first project one in which people have worked. */
export async function fillExample(server: Server): Promise<void> {
  const rename = 'mutation ($name: String!) { renameProject(id: 1, name: $name) { id } }';
  await server.ask(rename, { name: 'River watch' });
  for (const [id, content] of Object.entries(CONTENT)) {
    const response = await fetch(`${server.url}/documents/1/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
    });
    if (!response.ok) {
      throw new Error(`${id}: ${response.status} ${await response.text()}`);
    }
  }
  for (const name of ['Harbour extension', 'Summer festival', 'Archive']) {
    await server.ask('mutation ($name: String!) { createProject(name: $name) { id } }', { name });
  }
}
