import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type SharedDocument, yjsDocuments } from '../../src/documents/index.ts';
import { type ConnectOptions, connect, type ProjectWithDocuments } from '../../src/index.ts';
import { shortWaits } from '../support/no-waits.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let server: Server;
const projects: ProjectWithDocuments<SharedDocument>[] = [];

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

function editor(id: string, changes: Partial<ConnectOptions> = {}): ProjectWithDocuments<SharedDocument> {
  const user = { id, name: id.toUpperCase() };
  const options = { url: server.url, projectId: 1, user, WebSocket, ...changes };
  const project = connect({ ...options, documents: yjsDocuments() });
  projects.push(project);
  return project;
}

const isSaved = ({ status, saved }: { status: string; saved: string }): boolean =>
  status === 'synced' && saved === 'saved';

/** Resolves as soon as the text of `document` is `text`. */
function reads({ doc }: SharedDocument, text: string): Promise<void> {
  const content = doc.getText('t');
  return new Promise((resolve) => {
    const look = (): void => (content.toString() === text ? resolve() : undefined);
    doc.on('update', look);
    look();
  });
}

test('two people write one text', async () => {
  const [ada, bob] = [editor('ada').document('both'), editor('bob').document('both')];
  await until(ada, ({ status }) => status === 'synced');
  ada.doc.getText('t').insert(0, 'from ada');
  await reads(bob, 'from ada');
  bob.doc.getText('t').insert(0, 'from bob, ');
  await reads(ada, 'from bob, from ada');
  expect(ada.readOnly).toBe(false);
});

test('an edit is reported saved, and whoever comes later reads it', async () => {
  const ada = editor('ada').document('later');
  await until(ada, ({ status }) => status === 'synced');
  ada.doc.getText('t').insert(0, 'kept');
  expect(ada.saved).toBe('saving');
  await until(ada, isSaved);
  await reads(editor('bob').document('later'), 'kept');
});

test('what was reported saved survives a kill, what was not is brought again', async () => {
  const own = await startServer();
  const project = editor('ada', { url: own.url });
  const ada = project.document('notes');
  await until(ada, ({ status }) => status === 'synced');
  ada.doc.getText('t').insert(0, 'saved');
  await until(ada, isSaved);
  await own.kill();
  await until(ada, ({ status }) => status === 'offline');
  ada.doc.getText('t').insert(0, 'offline and ');
  expect(ada.saved).toBe('offline');
  await own.restart();
  await reads(editor('bob', { url: own.url }).document('notes'), 'offline and saved');
  await until(ada, isSaved);
  for (const each of projects.splice(0)) {
    each.close();
  }
  await own.stop();
});

test('several documents share the connection and do not mix', async () => {
  const ada = editor('ada');
  const bob = editor('bob');
  const [one, two] = [ada.document('one'), ada.document('two')];
  one.doc.getText('t').insert(0, 'first');
  two.doc.getText('t').insert(0, 'second');
  await reads(bob.document('one'), 'first');
  await reads(bob.document('two'), 'second');
});

test('editors see each other by name, and no more once the document is closed', async () => {
  const ada = editor('ada').document('names');
  const bob = editor('bob').document('names');
  const namesAt = (document: SharedDocument): unknown[] =>
    [...document.awareness.getStates().values()].map((state) => state.user?.name).sort();
  const sees = (document: SharedDocument, names: string[]): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => (`${namesAt(document)}` === `${names}` ? resolve() : undefined);
      document.awareness.on('change', look);
      look();
    });
  await sees(ada, ['ADA', 'BOB']);
  await sees(bob, ['ADA', 'BOB']);
  bob.close();
  await sees(ada, ['ADA']);
});

test('a document is presence, too: whoever switches to it is seen there', async () => {
  const ada = editor('ada');
  const bob = editor('bob');
  ada.document('seen');
  ada.switchDocument('seen', 'code_editor');
  const { others } = await until(bob, (snapshot) => snapshot.others[0]?.documents.seen !== undefined);
  expect(others[0]?.documents.seen?.documentType).toBe('code_editor');
});

test('a document can be opened and closed again and again on one connection', async () => {
  const ada = editor('ada');
  for (let times = 1; times <= 12; times += 1) {
    const document = ada.document('again');
    await until(document, ({ status }) => status === 'synced');
    document.doc.getArray('a').push([times]);
    await until(document, isSaved);
    expect(document.doc.getArray('a').length).toBe(times);
    document.close();
    await until(document, ({ status }) => status === 'closed');
  }
});

test('an edit of several megabytes is taken', async () => {
  const ada = editor('ada').document('large');
  await until(ada, ({ status }) => status === 'synced');
  const text = 'all work and no play '.repeat(150_000);
  ada.doc.getText('t').insert(0, text);
  await until(ada, isSaved);
  await reads(editor('bob').document('large'), text);
});
