import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { yjsDocuments } from '../../src/documents/index.ts';
import { connect, type Project } from '../../src/index.ts';
import { DocumentServer } from '../support/document-server.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { refusal } from '../support/messages.ts';
import { FAKE, join, settle } from '../support/project.ts';

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.reset();
});
afterEach(() => void vi.useRealTimers());

/** A project with a document in which everything has happened that starts a timer. */
async function busy(): Promise<Project> {
  const project = connect({ ...FAKE, documents: yjsDocuments() });
  const { doc } = project.document('notes');
  project.document('plan');
  await settle();
  const server = new DocumentServer();
  server.serve(FakeSocket.last);
  join();
  await settle();
  server.close(FakeSocket.last, 'plan', 1013);
  await settle();
  doc.getText('t').insert(0, 'a');
  doc.getText('t').insert(0, 'b');
  project.moveCursor('plan', { type: 'canvas', x: 1, y: 2 });
  FakeSocket.last.say(refusal({ code: 'rate_limited', temporary: true }));
  return project;
}

test.each([
  ['online', () => {}],
  ['waiting', () => FakeSocket.last.end(1006)],
  ['stopped', () => FakeSocket.last.end(4503)],
])('a project that is closed while %s stays closed and leaves no timer behind', async (phase, happens) => {
  const project = await busy();
  happens();
  expect(project.getSnapshot().connection.phase).toBe(phase);
  project.close();
  project.join();
  expect(project.getSnapshot().connection.phase).toBe('closed');
  expect(vi.getTimerCount()).toBe(0);
});
