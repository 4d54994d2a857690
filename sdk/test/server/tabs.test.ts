import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type SharedDocument, yjsDocuments } from '../../src/documents/index.ts';
import { connect, type ProjectWithDocuments } from '../../src/index.ts';
import { sharedSocket } from '../../src/tabs/index.ts';
import { createLocks } from '../support/locks.ts';
import { shortWaits } from '../support/no-waits.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

type Tab = ProjectWithDocuments<SharedDocument>;

let server: Server;
let locks = createLocks();
const tabs: Tab[] = [];

beforeAll(async () => {
  server = await startServer();
});
beforeEach(() => {
  shortWaits();
  locks = createLocks();
});
afterEach(() => {
  for (const tab of tabs.splice(0)) {
    tab.close();
  }
});
afterAll(() => server.stop());

/** A tab of the one browser in which `id` is. */
function open(projectId: number, id = 'ada'): Tab {
  const tab = connect({
    url: server.url,
    projectId,
    user: { id, name: id.toUpperCase() },
    documents: yjsDocuments(),
    WebSocket: sharedSocket(id, { WebSocket, locks }),
  });
  tabs.push(tab);
  return tab;
}

async function online(tab: Tab): Promise<Tab> {
  await until(tab, ({ connection }) => connection.phase === 'online');
  return tab;
}

/** Somebody with a browser of their own. */
async function watcher(projectId: number): Promise<Tab> {
  const user = { id: 'bob', name: 'Bob' };
  const documents = yjsDocuments();
  const tab = connect({ url: server.url, projectId, user, documents, WebSocket });
  tabs.push(tab);
  return await online(tab);
}

/** Resolves as soon as the text of `document` is `text`. */
function reads({ doc }: SharedDocument, text: string): Promise<void> {
  const content = doc.getText('t');
  return new Promise((resolve) => {
    const look = (): void => (content.toString() === text ? resolve() : undefined);
    doc.on('update', look);
    look();
  });
}

/** Resolves as soon as `document` shows the editor `client`. */
function edited({ awareness }: SharedDocument, client: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => (awareness.getStates().has(client) ? resolve() : undefined);
    awareness.on('change', look);
    look();
  });
}

test('tabs share one session, and each sees everybody', async () => {
  const bob = await watcher(1);
  const [first, second] = [await online(open(1)), await online(open(1))];
  expect(second.getSnapshot().sessionId).toBe(first.getSnapshot().sessionId);
  await until(bob, ({ others }) => others[0]?.userId === 'ada');
  expect(bob.getSnapshot().others).toMatchObject([{ userId: 'ada', sessions: 1 }]);
  for (const tab of [first, second]) {
    await until(tab, ({ others }) => others.length === 1);
    expect(tab.getSnapshot()).toMatchObject({ self: { userId: 'ada' }, others: [{ userId: 'bob' }] });
  }
});

test('moves of both tabs are seen, each in its document', async () => {
  const bob = await watcher(2);
  bob.switchDocument('plan', 'canvas');
  const [first, second] = [await online(open(2)), await online(open(2))];
  first.switchDocument('plan', 'canvas');
  first.moveCursor('plan', { type: 'canvas', x: 1, y: 1 });
  second.switchDocument('notes', 'code_editor');
  second.moveCursor('notes', { type: 'code_editor', line: 2, column: 2 });
  const { others } = await until(
    bob,
    (snapshot) => Object.keys(snapshot.others[0]?.documents ?? {}).length === 2,
  );
  expect(Object.keys(others[0]?.documents ?? {}).sort()).toEqual(['notes', 'plan']);
  await until(bob, ({ cursors }) => cursors.get('plan')?.length === 1);
  second.close();
  await until(bob, (snapshot) => !('notes' in (snapshot.others[0]?.documents ?? {})));
  expect(Object.keys(bob.getSnapshot().others[0]?.documents ?? {})).toEqual(['plan']);
});

test('the most present tab is what counts', async () => {
  const bob = await watcher(3);
  const [first, second] = [await online(open(3)), await online(open(3))];
  second.setStatus('away');
  first.setStatus('idle');
  await until(bob, ({ others }) => others[0]?.status === 'idle');
  first.close();
  await until(bob, ({ others }) => others[0]?.status === 'away');
});

test('another tab goes on when the one that leads is closed, and nobody leaves for others', async () => {
  const bob = await watcher(4);
  bob.switchDocument('plan', 'canvas');
  const absences: unknown[] = [];
  bob.on('user_left', (message) => absences.push(message));
  const [first, second] = [await online(open(4)), await online(open(4))];
  first.close();
  second.moveCursor('plan', { type: 'canvas', x: 7, y: 0 });
  await until(bob, ({ cursors }) => (cursors.get('plan')?.length ?? 0) > 0 || absences.length > 0);
  expect(absences).toEqual([]);
  second.close();
  await until(bob, ({ others }) => others.length === 0);
});

test('a document is one in all tabs: edits arrive, are saved, and each tab knows of its own', async () => {
  const bob = (await watcher(1)).document('both');
  const first = (await online(open(1))).document('both');
  await edited(first, bob.awareness.clientID);
  const second = (await online(open(1))).document('both');
  await Promise.all([first, second].map(({ awareness }) => edited(bob, awareness.clientID)));
  await edited(second, bob.awareness.clientID);
  for (const document of [bob, first, second]) {
    await until(document, ({ status }) => status === 'synced');
    expect(document.readOnly).toBe(false);
  }
  first.doc.getText('t').insert(0, 'one ');
  await Promise.all([reads(second, 'one '), reads(bob, 'one ')]);
  second.doc.getText('t').insert(4, 'two ');
  await Promise.all([reads(first, 'one two '), reads(bob, 'one two ')]);
  bob.doc.getText('t').insert(8, 'three');
  await Promise.all([reads(first, 'one two three'), reads(second, 'one two three')]);
  for (const document of [bob, first, second]) {
    await until(document, ({ saved }) => saved === 'saved');
  }
  first.close();
  second.doc.getText('t').insert(0, 'still ');
  await reads(bob, 'still one two three');
  await until(second, ({ saved }) => saved === 'saved');
});

test('a tab that was edited offline brings its edits into a document that another has open', async () => {
  const first = (await online(open(1))).document('late');
  await until(first, ({ status }) => status === 'synced');
  first.doc.getText('t').insert(0, 'here');
  const second = open(1).document('late');
  second.doc.getText('t').insert(0, 'there ');
  await until(second, ({ status, saved }) => status === 'synced' && saved === 'saved');
  const bob = (await watcher(1)).document('late');
  await until(bob, ({ status }) => status === 'synced');
  expect([...bob.doc.getText('t').toString()].sort().join('')).toBe([...'herethere '].sort().join(''));
  expect(first.doc.getText('t').toString()).toBe(bob.doc.getText('t').toString());
});

test('all tabs come back after a restart of the server', async () => {
  const own = await startServer();
  const user = { id: 'ada', name: 'Ada' };
  const tab = (): Tab => {
    const options = { url: own.url, projectId: 1, user, documents: yjsDocuments() };
    const made = connect({ ...options, WebSocket: sharedSocket('ada', { WebSocket, locks }) });
    tabs.push(made);
    return made;
  };
  const [first, second] = [await online(tab()), await online(tab())];
  await own.kill();
  await Promise.all(
    [first, second].map((one) => until(one, ({ connection }) => connection.phase !== 'online')),
  );
  await own.restart();
  await Promise.all([online(first), online(second)]);
  expect(second.getSnapshot().sessionId).toBe(first.getSnapshot().sessionId);
  first.close();
  second.close();
  await own.stop();
});

test('a tab that does not answer loses its part', async () => {
  const url = `${server.url}/ws/collaboration/v2?project_id=9`;
  const name = JSON.stringify(['collabd', 'ada', url, 'collab.v2.documents']);
  void locks.request(name, () => new Promise(() => {})).catch(() => {});
  await online(open(9));
});

test('where the browser has no locks, each tab has a socket', () => {
  expect(sharedSocket('ada', { WebSocket })).toBe(WebSocket);
});
