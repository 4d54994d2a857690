// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { yjsDocuments } from '../../src/documents/index.ts';
import { connect } from '../../src/index.ts';
import { CollabProvider, useDocument } from '../../src/react/index.ts';
import { DocumentServer } from '../support/document-server.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { bulkPresence, presence } from '../support/messages.ts';
import { FAKE } from '../support/project.ts';
import { change, cleanUp, render } from '../support/render.tsx';

let server: DocumentServer;

beforeEach(() => {
  FakeSocket.reset();
  server = new DocumentServer();
});
afterEach(cleanUp);

function Note({ id }: { id: string }) {
  const { doc, status, saved } = useDocument(id);
  return <p>{`${id} ${status} ${saved} ${doc?.getText('t').toString() ?? '-'}`}</p>;
}

async function letIn(): Promise<void> {
  await change(() => {
    server.serve(FakeSocket.last);
    FakeSocket.last.open();
    FakeSocket.last.say(bulkPresence(presence('ada')));
  });
}

test('a document is open while the component is there, once, in strict mode too', async () => {
  server.doc('notes').getText('t').insert(0, 'hello');
  const documents = yjsDocuments();
  const page = await render(
    <CollabProvider {...FAKE} documents={documents}>
      <Note id="notes" />
    </CollabProvider>,
  );
  expect(page.element.textContent).toBe('notes loading saved ');
  await letIn();
  expect(page.element.textContent).toBe('notes synced saved hello');
  expect(server.heard.filter((kind) => kind === 'step1 notes')).toHaveLength(1);
  await page.render(
    <CollabProvider {...FAKE} documents={documents}>
      <Note id="plan" />
    </CollabProvider>,
  );
  expect(page.element.textContent).toBe('plan synced saved ');
  expect(server.heard).toContain('close notes');
});

test('an edit is rendered as saving, then as saved', async () => {
  const project = connect({ ...FAKE, documents: yjsDocuments() });
  const page = await render(
    <CollabProvider project={project}>
      <Note id="notes" />
    </CollabProvider>,
  );
  await letIn();
  const document = project.document('notes');
  await change(() => document.doc.getText('t').insert(0, 'hi'));
  expect(page.element.textContent).toBe('notes synced saving hi');
  await change(() => server.commit());
  expect(page.element.textContent).toBe('notes synced saved hi');
  await change(() => project.close());
});

test('a provider without documents says what is missing', async () => {
  const project = connect(FAKE);
  await expect(
    render(
      <CollabProvider project={project}>
        <Note id="notes" />
      </CollabProvider>,
    ),
  ).rejects.toThrow('yjsDocuments()');
  project.close();
});
