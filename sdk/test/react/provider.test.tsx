// @vitest-environment happy-dom
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect, type Project } from '../../src/index.ts';
import {
  CollabProvider,
  useConnection,
  useMyCursor,
  useOthers,
  useProject,
  useSelf,
} from '../../src/react/index.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { bulkPresence, cursorUpdate, presence } from '../support/messages.ts';
import { FAKE } from '../support/project.ts';
import { change, cleanUp, render } from '../support/render.tsx';

beforeEach(() => FakeSocket.reset());
afterEach(cleanUp);

let othersRendered = 0;

function People() {
  othersRendered += 1;
  return <p>{useOthers().map((user) => user.userName)}</p>;
}

function State() {
  return <output>{`${useConnection().phase} ${useSelf()?.userName ?? '-'}`}</output>;
}

function Mover() {
  const move = useMyCursor('plan');
  return (
    <button type="button" onClick={() => move({ type: 'canvas', x: 3, y: 4 })}>
      move
    </button>
  );
}

function Joiner() {
  const project = useProject();
  return (
    <button type="button" onClick={() => project?.join()}>
      join
    </button>
  );
}

function Given({ project }: { project: Project }) {
  return <p>{String(useProject() === project)}</p>;
}

async function letIn(...others: Parameters<typeof bulkPresence>): Promise<void> {
  await change(() => {
    FakeSocket.last.open();
    FakeSocket.last.say(bulkPresence(presence('ada'), ...others));
  });
}

test('in strict mode there is one socket, and it ends with the component', async () => {
  const page = await render(
    <CollabProvider {...FAKE}>
      <State />
    </CollabProvider>,
  );
  expect(page.element.textContent).toBe('connecting -');
  await letIn();
  expect(page.element.textContent).toBe('online ADA');
  expect(FakeSocket.made).toHaveLength(1);
  await page.unmount();
  expect(FakeSocket.last.closedWith).toBe(1000);
});

test('who comes is rendered, and a move of a cursor renders nobody', async () => {
  const page = await render(
    <CollabProvider {...FAKE}>
      <People />
    </CollabProvider>,
  );
  await letIn(presence('bob'));
  expect(page.element.textContent).toBe('BOB');
  const before = othersRendered;
  await change(() => FakeSocket.last.say(cursorUpdate('bob', 5)));
  expect(othersRendered).toBe(before);
  await change(() => FakeSocket.last.say({ type: 'user_joined', user: presence('eve') }));
  expect(page.element.textContent).toBe('BOBEVE');
});

test('another project is another session; the same options in a new object are not', async () => {
  const page = await render(<CollabProvider {...FAKE} user={{ id: 'ada', name: 'Ada' }} />);
  await page.render(<CollabProvider {...FAKE} user={{ id: 'ada', name: 'Ada' }} />);
  expect(FakeSocket.made).toHaveLength(1);
  await page.render(<CollabProvider {...FAKE} user={{ id: 'ada', name: 'Ada' }} projectId={2} />);
  expect(FakeSocket.made).toHaveLength(2);
  expect(FakeSocket.made[0]?.closedWith).toBe(1000);
  expect(FakeSocket.last.url).toContain('project_id=2');
});

test('a token that changes goes over the open connection', async () => {
  const page = await render(<CollabProvider {...FAKE} token="old" />);
  await letIn();
  await page.render(<CollabProvider {...FAKE} token="new" />);
  expect(FakeSocket.last.sentOf('join_session')[0]?.data.token).toBe('old');
  expect(FakeSocket.last.sentOf('authenticate').map(({ data }) => data.token)).toEqual(['new']);
  expect(FakeSocket.made).toHaveLength(1);
});

test('a fixed token that has expired stops the connection, and the next one can be joined with', async () => {
  const page = await render(
    <CollabProvider {...FAKE} token="old">
      <State />
    </CollabProvider>,
  );
  await letIn();
  await change(() => FakeSocket.last.end(4005));
  expect(page.element.textContent).toMatch(/^stopped/);
  await page.render(
    <CollabProvider {...FAKE} token="new">
      <Joiner />
    </CollabProvider>,
  );
  await change(() => page.element.querySelector('button')?.click());
  await letIn();
  expect(FakeSocket.made.map((socket) => socket.sentOf('join_session')[0]?.data.token)).toEqual([
    'old',
    'new',
  ]);
});

test('a project of one’s own is used and left open', async () => {
  const project = connect(FAKE);
  const page = await render(
    <CollabProvider project={project}>
      <Given project={project} />
    </CollabProvider>,
  );
  expect(page.element.textContent).toBe('true');
  await page.unmount();
  expect(project.getSnapshot().connection.phase).not.toBe('closed');
  project.close();
});

test('the own cursor moves', async () => {
  const page = await render(
    <CollabProvider {...FAKE}>
      <Mover />
    </CollabProvider>,
  );
  await letIn();
  await change(() => page.element.querySelector('button')?.click());
  expect(FakeSocket.last.sentOf('cursor_update')).toEqual([
    { type: 'cursor_update', data: { documentId: 'plan', position: { type: 'canvas', x: 3, y: 4 } } },
  ]);
});

test('a server renders the page without a project', () => {
  const html = renderToString(
    <CollabProvider {...FAKE}>
      <State />
      <People />
    </CollabProvider>,
  );
  expect(html).toContain('connecting -');
  expect(FakeSocket.made).toHaveLength(0);
});
