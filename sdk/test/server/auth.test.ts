import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type SharedDocument, yjsDocuments } from '../../src/documents/index.ts';
import { connect, type ProjectWithDocuments, type TokenSource } from '../../src/index.ts';
import { shortWaits } from '../support/no-waits.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const SECRET = 'a secret of the tests, long enough to be one';

let server: Server;
const projects: ProjectWithDocuments<SharedDocument>[] = [];

beforeAll(async () => {
  server = await startServer(`--auth-secret=${SECRET}`);
});
beforeEach(shortWaits);
afterEach(() => {
  for (const project of projects.splice(0)) {
    project.close();
  }
});
afterAll(() => server.stop());

/** A token that the server takes for an hour, or one with other claims. */
function tokenOf(sub: string, role: string, changes: object = {}): string {
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const claims = { sub, name: `Token of ${sub}`, aud: 'collabd', exp, projects: { 1: role }, ...changes };
  const signed = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(claims)}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

function project(token: TokenSource | undefined, id = 'somebody'): ProjectWithDocuments<SharedDocument> {
  const user = { id, name: 'Somebody' };
  const options = { url: server.url, projectId: 1, user, token, WebSocket };
  const joined = connect({ ...options, documents: yjsDocuments() });
  projects.push(joined);
  return joined;
}

const isOnline = ({ connection }: { connection: { phase: string } }): boolean =>
  connection.phase === 'online';

test('one is who the token says', async () => {
  const ada = project(tokenOf('ada', 'editor'));
  const { self, others } = await until(ada, isOnline);
  expect(self).toMatchObject({ userId: 'ada', userName: 'Token of ada' });
  expect(others).toEqual([]);
});

test.each([
  ['no token', undefined, 4501, 'unauthenticated'],
  ['no token of this server', 'nonsense', 4501, 'unauthenticated'],
  ['no right to the project', tokenOf('ada', 'editor', { projects: { 2: 'owner' } }), 4503, 'forbidden'],
])('with %s it stops and says why', async (_, token, code, name) => {
  const { connection } = await until(project(token), (snapshot) => snapshot.connection.phase === 'stopped');
  expect(connection).toEqual({ phase: 'stopped', end: { kind: 'closed', code, name } });
});

test('a fixed token that has expired ends the tries, until there is a fresh one', async () => {
  const ada = project(tokenOf('ada', 'editor', { exp: 1 }));
  const { connection } = await until(ada, (snapshot) => snapshot.connection.phase === 'stopped');
  expect(connection).toMatchObject({ end: { kind: 'closed', code: 4005, name: 'token_expired' } });
  await ada.refreshToken(tokenOf('ada', 'editor'));
  ada.join();
  await until(ada, isOnline);
});

test('an expired token is replaced by a fresh one', async () => {
  const tokens = [tokenOf('ada', 'editor', { exp: 1 })];
  const ada = project(() => tokens.pop() ?? tokenOf('ada', 'editor'));
  const { connection } = await until(ada, (snapshot) => snapshot.connection.phase === 'waiting');
  expect(connection).toMatchObject({ end: { kind: 'closed', code: 4005, name: 'token_expired' } });
  await until(ada, isOnline);
});

test('a fresh token is brought without a reconnect', async () => {
  const ada = project(() => tokenOf('ada', 'editor'));
  const { sessionId } = await until(ada, isOnline);
  await ada.refreshToken();
  const answered = new Promise((resolve) => ada.on('error', resolve));
  ada.moveCursor('plan', { type: 'canvas', x: 0, y: 0, zoom: -1 });
  expect(await answered).toMatchObject({ code: 'invalid_position' });
  expect(ada.getSnapshot()).toMatchObject({ sessionId, connection: { phase: 'online' } });
});

test('a token that expires soon is replaced without a reconnect', async () => {
  let replaced = (): void => {};
  const fresh = new Promise<void>((resolve) => {
    replaced = resolve;
  });
  const tokens = [tokenOf('ada', 'editor', { exp: Math.floor(Date.now() / 1000) + 58 })];
  const ada = project(() => {
    if (tokens.length === 0) {
      replaced();
    }
    return tokens.pop() ?? tokenOf('ada', 'editor');
  });
  const { sessionId } = await until(ada, isOnline);
  await fresh;
  const answered = new Promise((resolve) => ada.on('error', resolve));
  ada.moveCursor('plan', { type: 'canvas', x: 0, y: 0, zoom: -1 });
  expect(await answered).toMatchObject({ code: 'invalid_position' });
  expect(ada.getSnapshot()).toMatchObject({ sessionId, connection: { phase: 'online' } });
});

test('a viewer reads a document, is told that it is read-only, and cannot change it', async () => {
  const ada = project(tokenOf('ada', 'editor')).document('rules');
  await until(ada, ({ status }) => status === 'synced');
  ada.doc.getText('t').insert(0, 'read me');
  await until(ada, ({ saved }) => saved === 'saved');
  const eve = project(tokenOf('eve', 'viewer')).document('rules');
  const snapshot = await until(eve, ({ status }) => status === 'synced');
  expect(snapshot).toMatchObject({ readOnly: true, saved: 'saved' });
  expect(eve.doc.getText('t').toString()).toBe('read me');
  eve.doc.getText('t').insert(0, 'do not ');
  expect(eve.saved).toBe('refused');
  const bob = project(tokenOf('bob', 'editor')).document('rules');
  await until(bob, ({ status }) => status === 'synced');
  expect(bob.doc.getText('t').toString()).toBe('read me');
});
