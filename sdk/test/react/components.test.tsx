// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AvatarStack, CollabProvider, Cursors } from '../../src/react/index.ts';
import { initialsOf } from '../../src/react/initials.ts';
import { inkOn } from '../../src/react/ink.ts';
import { approach } from '../../src/react/point.ts';
import { FakeSocket } from '../support/fake-socket.ts';
import { bulkPresence, cursorUpdate, inCanvas, presence } from '../support/messages.ts';
import { FAKE } from '../support/project.ts';
import { change, cleanUp, type Page, render } from '../support/render.tsx';

beforeEach(() => FakeSocket.reset());
afterEach(cleanUp);

async function withPeople(node: React.ReactNode, ...others: Parameters<typeof bulkPresence>): Promise<Page> {
  const page = await render(<CollabProvider {...FAKE}>{node}</CollabProvider>);
  await change(() => {
    FakeSocket.last.open();
    FakeSocket.last.say(bulkPresence(presence('ada', { userName: 'Ada Lovelace' }), ...others));
  });
  return page;
}

function labels(page: Page): (string | null)[] {
  return [...page.element.querySelectorAll('[role=img]')].map((element) =>
    element.getAttribute('aria-label'),
  );
}

test('avatars are a list that says who is here and how', async () => {
  const page = await withPeople(
    <AvatarStack />,
    presence('bob', { userName: 'Bob', status: 'away' }),
    presence('bot', { userName: 'Helper', isAgent: true }),
  );
  expect(page.element.querySelector('ul')?.getAttribute('aria-label')).toBe('3 people here');
  expect(labels(page)).toEqual(['Ada Lovelace (you)', 'Bob (away)', 'Helper (agent)']);
  expect(page.element.textContent).toBe('ALBH');
});

test('those for whom there is no room are counted and named', async () => {
  const people = ['bob', 'cat', 'dan', 'eve'].map((id) => presence(id));
  const page = await withPeople(<AvatarStack max={3} showsSelf={false} />, ...people);
  expect(labels(page)).toEqual(['BOB', 'CAT', 'and 2 more: DAN, EVE']);
  expect(page.element.textContent).toBe('BC+2');
});

function transformOf(page: Page): string | undefined {
  return page.element.querySelector<HTMLElement>('[data-user-id=bob]')?.style.transform;
}

test('a pointer appears where it is and moves there smoothly', async () => {
  const frames: FrameRequestCallback[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
  vi.spyOn(performance, 'now').mockReturnValue(0);
  const page = await withPeople(
    <Cursors documentId="plan" />,
    presence('bob', { documents: { plan: inCanvas(10) } }),
  );
  expect(transformOf(page)).toBe('translate(10px, 0px)');
  frames.length = 0;
  await change(() => FakeSocket.last.say(cursorUpdate('bob', 110)));
  frames.shift()?.(40);
  expect(transformOf(page)).toBe('translate(60px, 0px)');
  for (let now = 80; frames.length > 0; now += 40) {
    frames.shift()?.(now);
  }
  expect(transformOf(page)).toBe('translate(110px, 0px)');
});

test('for people who prefer reduced motion it jumps', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  const page = await withPeople(
    <Cursors documentId="plan" />,
    presence('bob', { documents: { plan: inCanvas(10) } }),
  );
  await change(() => FakeSocket.last.say(cursorUpdate('bob', 110)));
  expect(transformOf(page)).toBe('translate(110px, 0px)');
});

test('pointers are drawn where the page says, and not when they are out of view', async () => {
  const page = await withPeople(
    <Cursors
      documentId="plan"
      toPoint={(position) =>
        position.type === 'canvas' && position.x < 50 ? { x: position.x * 2, y: 1 } : undefined
      }
    />,
    presence('bob', { documents: { plan: inCanvas(10) } }),
    presence('eve', { documents: { plan: inCanvas(60) } }),
  );
  expect(transformOf(page)).toBe('translate(20px, 1px)');
  expect(page.element.querySelectorAll('[data-user-id]')).toHaveLength(1);
  expect(page.element.querySelector('[aria-hidden=true]')).not.toBeNull();
});

test('half of the way is done in 40 ms, and a quarter of a pixel is there', () => {
  expect(approach({ x: 0, y: 8 }, { x: 10, y: 0 }, 40)).toEqual({ x: 5, y: 4 });
  expect(approach({ x: 0, y: 0 }, { x: 10, y: 0 }, -5)).toEqual({ x: 0, y: 0 });
  const goal = { x: 10, y: 0 };
  expect(approach({ x: 9.9, y: 0 }, goal, 1)).toBe(goal);
});

test.each([
  ['Ada Lovelace', 'AL'],
  ['bob', 'B'],
  ['  Jean-Luc  van  Dam ', 'JD'],
  ['😀 smile', '😀S'],
])('the initials of %s are %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test.each([
  ['#000', '#FFFFFF'],
  ['#ffffff', '#111111'],
  ['#6E56CF', '#FFFFFF'],
  ['#F76B15', '#111111'],
  ['#fd0', '#111111'],
])('on %s the text is %s', (color, ink) => {
  expect(inkOn(color)).toBe(ink);
});
