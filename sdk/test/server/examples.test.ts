import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { yjsDocuments } from '../../src/documents/index.ts';
import { connect } from '../../src/index.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let server: Server;
let printed: MockInstance;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A WebSocket that finds the server of the examples where this test's is. */
class LocalWebSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url.replace('127.0.0.1:3000', `127.0.0.1:${server.port}`), protocols);
  }
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', LocalWebSocket);
  printed = vi.spyOn(console, 'log').mockImplementation(() => {});
});

const BOB = { url: 'ws://127.0.0.1:3000', projectId: 1, user: { id: 'bob', name: 'Bob' } };

test.each(['presence.ts', 'document.ts', 'tabs.ts', 'react.tsx'])(
  'the README shows examples/%s as it is',
  (name) => {
    const example = readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`${name.split('.')[1]}\n${example}\`\`\``);
  },
);

test('the example of presence shows Ada to Bob, and Bob to Ada', async () => {
  const bob = connect(BOB);
  bob.switchDocument('plan', 'canvas');
  const { project } = await import('../../examples/presence.ts');
  const { cursors } = await until(bob, (snapshot) => snapshot.cursors.has('plan'));
  expect(cursors.get('plan')).toMatchObject([{ userId: 'ada', position: { type: 'canvas', x: 120, y: 80 } }]);
  await until(project, (snapshot) => snapshot.others.length === 1);
  expect(printed).toHaveBeenLastCalledWith('1 others', undefined);
  project.close();
  bob.close();
});

test('the example of a document shares the text, and says that it is saved', async () => {
  const bob = connect({ ...BOB, documents: yjsDocuments() });
  const notes = bob.document('notes');
  const { project } = await import('../../examples/document.ts');
  const text = notes.doc.getText('content');
  await new Promise<void>((resolve) => {
    text.observe(() => (text.toString() === 'Hello from Ada. ' ? resolve() : undefined));
  });
  const ada = project.document('notes');
  await until(ada, ({ status, saved }) => status === 'synced' && saved === 'saved');
  expect(printed).toHaveBeenCalledWith('Hello from Ada. ');
  expect(printed).toHaveBeenLastCalledWith('synced', 'saved');
  project.close();
  bob.close();
});
