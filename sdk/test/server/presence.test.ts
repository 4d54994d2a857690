import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ConnectOptions, connect, type Project } from '../../src/index.ts';
import { shortWaits } from '../support/no-waits.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let server: Server;
const projects: Project[] = [];

beforeAll(async () => {
  server = await startServer();
});
beforeEach(shortWaits);
afterEach(() => {
  for (const project of projects.splice(0)) {
    project.close();
  }
});
afterAll(() => server.stop());

/** A project of this test alone, so that the tests do not see each other. */
function project(projectId: number, id: string, changes: Partial<ConnectOptions> = {}): Project {
  const user = { id, name: id.toUpperCase() };
  const joined = connect({ url: server.url, projectId, user, WebSocket, ...changes });
  projects.push(joined);
  return joined;
}

const isOnline = ({ connection }: { connection: { phase: string } }): boolean =>
  connection.phase === 'online';

test('two people see each other come and go', async () => {
  const ada = project(1, 'ada');
  await until(ada, isOnline);
  const bob = project(1, 'bob');
  const { others } = await until(ada, (snapshot) => snapshot.others.length === 1);
  expect(others[0]).toMatchObject({ userId: 'bob', userName: 'BOB', status: 'active', sessions: 1 });
  const seen = await until(bob, (snapshot) => snapshot.others.length === 1);
  expect(seen.self?.avatarColor).toMatch(/^#/);
  const left = new Promise((resolve) => ada.on('user_left', resolve));
  bob.leave();
  expect(await left).toEqual({ type: 'user_left', userId: 'bob', reason: 'left' });
  await until(ada, (snapshot) => snapshot.others.length === 0);
  bob.join();
  await until(ada, (snapshot) => snapshot.others.length === 1);
});

test('three tabs are one person', async () => {
  const tabs = [project(2, 'ada'), project(2, 'ada'), project(2, 'ada')];
  const bob = project(2, 'bob');
  const { others } = await until(bob, (snapshot) => snapshot.others[0]?.sessions === 3);
  expect(others).toHaveLength(1);
  tabs.pop()?.close();
  await until(bob, (snapshot) => snapshot.others[0]?.sessions === 2);
});

test('a status is seen, and so is the document one is in', async () => {
  const ada = project(3, 'ada');
  const bob = project(3, 'bob');
  ada.setStatus('idle');
  ada.switchDocument('plan', 'canvas');
  const { others } = await until(bob, (snapshot) => snapshot.others[0]?.documents.plan !== undefined);
  expect(others[0]?.documents.plan?.documentType).toBe('canvas');
  await until(bob, (snapshot) => snapshot.others[0]?.status === 'idle');
});

test.each([
  { type: 'canvas', x: 120.25, y: -48.5, zoom: 0.75 } as const,
  { type: 'spreadsheet', row: 3, column: 4, sheet: 'Budget' } as const,
  { type: '3d', x: 1, y: 2, z: 3, rotation: { x: 0, y: 1, z: 0 } } as const,
  { type: 'timeline', timestamp: 90_000, track: 2 } as const,
  { type: 'code_editor', line: 7, column: 2, file: 'src/main.rs' } as const,
])('a cursor of a $type arrives as it was sent', async (position) => {
  const ada = project(4, 'ada');
  const bob = project(4, 'bob');
  bob.switchDocument(position.type, position.type);
  ada.moveCursor(position.type, position, { selectedNodeId: 'node-17' });
  const { cursors } = await until(bob, (snapshot) => snapshot.cursors.has(position.type));
  expect(cursors.get(position.type)).toMatchObject([
    {
      userId: 'ada',
      documentType: position.type,
      position,
      selectedNodeId: 'node-17',
      user: { userName: 'ADA' },
    },
  ]);
});

test('of many moves the last one arrives', async () => {
  const ada = project(5, 'ada', { cursorInterval: 5 });
  const bob = project(5, 'bob');
  bob.switchDocument('plan', 'canvas');
  await until(ada, isOnline);
  for (let x = 0; x <= 200; x += 1) {
    ada.moveCursor('plan', { type: 'canvas', x, y: 0 });
  }
  await until(bob, ({ cursors }) =>
    (cursors.get('plan') ?? []).some(({ position }) => position.type === 'canvas' && position.x === 200),
  );
});

test('a refusal is told and the session goes on', async () => {
  const ada = project(6, 'ada');
  await until(ada, isOnline);
  const refused = new Promise((resolve) => ada.on('error', resolve));
  ada.moveCursor('plan', { type: 'canvas', x: 0, y: 0, zoom: -1 });
  expect(await refused).toMatchObject({ code: 'invalid_position', temporary: false });
  expect(isOnline(ada.getSnapshot())).toBe(true);
});

test('a join that makes no sense stops with what was wrong', async () => {
  const nobody = project(7, 'ada', { user: { id: 'ada', name: ' ' } });
  const { connection } = await until(nobody, (snapshot) => snapshot.connection.phase === 'stopped');
  expect(connection).toMatchObject({ end: { kind: 'refused', error: { code: 'bad_request' } } });
});

test('a restart of the server is survived: everybody is back, with document and cursor', async () => {
  const own = await startServer();
  const ada = project(8, 'ada', { url: own.url });
  const bob = project(8, 'bob', { url: own.url });
  bob.switchDocument('plan', 'canvas');
  ada.switchDocument('plan', 'canvas');
  ada.moveCursor('plan', { type: 'canvas', x: 5, y: 5 });
  await until(bob, ({ cursors }) => cursors.has('plan'));
  const { sessionId } = ada.getSnapshot();
  await own.kill();
  await until(ada, ({ connection }) => connection.phase === 'waiting');
  await until(bob, ({ connection }) => connection.phase === 'waiting');
  ada.moveCursor('plan', { type: 'canvas', x: 6, y: 6 });
  await own.restart();
  await until(bob, ({ cursors }) =>
    (cursors.get('plan') ?? []).some(({ position }) => position.type === 'canvas' && position.x === 6),
  );
  await until(ada, isOnline);
  expect(ada.getSnapshot().sessionId).not.toBe(sessionId);
  ada.close();
  bob.close();
  await own.stop();
});
