import { expect, test } from 'vitest';
import {
  type ClientDocumentMessage,
  decodeDocumentFrame,
  encodeDocumentFrame,
} from '../../src/documents/messages.ts';
import { createSharedDocument } from '../../src/tabs/document.ts';

const NOTHING = new Uint8Array([0]);
const EDIT: ClientDocumentMessage = { type: 'update', update: new Uint8Array([0, 0]) };
/** What the server says: the same frames, and what only it says. */
const STEP_1: ClientDocumentMessage = { type: 'step1', stateVector: NOTHING };
const STEP_2: ClientDocumentMessage = { type: 'step2', update: new Uint8Array([0, 0]) };

/** A document of tabs, with what the server and the tabs were told, as words. */
function shared() {
  const told: string[] = [];
  const nameOf = (frame: Uint8Array) => (frame[2] === 3 ? 'query' : decodeDocumentFrame(frame).message.type);
  const document = createSharedDocument(
    'd',
    (frame) => told.push(`server: ${nameOf(frame)}`),
    (to, frame) => told.push(`${to.join('+')}: ${nameOf(frame)}`),
  );
  return {
    tab: (tab: string, message: ClientDocumentMessage) =>
      document.sent(tab, message, encodeDocumentFrame('d', message)),
    server: (message: ClientDocumentMessage) => document.received(message, encodeDocumentFrame('d', message)),
    denied: () => document.received({ type: 'denied', reason: 'no' }, encodeDocumentFrame('d', STEP_1)),
    saved: (count: number) => document.received({ type: 'saved', count }, encodeDocumentFrame('d', STEP_1)),
    isClosed: document.isClosed,
    /** What was told since the last time. */
    told: () => told.splice(0),
  };
}

test('a tab that comes later is asked for what it has, and hears who edits', () => {
  const { tab, server, told } = shared();
  tab('a', STEP_1);
  server(STEP_1);
  server(STEP_2);
  expect(told()).toEqual(['server: step1', 'a: step1', 'a: step2']);
  tab('b', STEP_1);
  expect(told()).toEqual(['b: step1', 'server: step1', 'server: query']);
  server(STEP_2);
  expect(told()).toEqual(['b: step2']);
});

test('a tab of somebody who may only read is not asked, and what it edits stays in it', () => {
  const { tab, server, told } = shared();
  tab('a', STEP_1);
  server(STEP_2);
  tab('b', STEP_1);
  server(STEP_2);
  expect(told().filter((line) => line.endsWith('step1'))).toEqual(['server: step1', 'server: step1']);
  tab('a', EDIT);
  expect(told()).toEqual(['server: update']);
});

test('edits go to the other tabs until the server refuses them', () => {
  const { tab, server, denied, told } = shared();
  tab('a', STEP_1);
  server(STEP_1);
  tab('b', STEP_1);
  told();
  tab('a', EDIT);
  expect(told()).toEqual(['server: update', 'b: update']);
  denied();
  told();
  tab('a', EDIT);
  expect(told()).toEqual(['server: update']);
});

test('each tab is told how many of its own edits are on disk', () => {
  const { tab, server, saved, told } = shared();
  tab('a', STEP_1);
  server(STEP_1);
  tab('b', STEP_1);
  for (const who of ['a', 'b', 'b', 'a']) {
    tab(who, EDIT);
  }
  told();
  saved(1);
  expect(told()).toEqual(['a: saved']);
  saved(1);
  expect(told()).toEqual([]);
  saved(3);
  expect(told()).toEqual(['b: saved']);
  saved(4);
  expect(told()).toEqual(['a: saved']);
});

test('the last tab that closes a document closes it on the server', () => {
  const { tab, told, isClosed } = shared();
  tab('a', STEP_1);
  tab('b', STEP_1);
  told();
  tab('a', { type: 'close' });
  expect(told()).toEqual([]);
  tab('b', { type: 'close' });
  expect(told()).toEqual(['server: close']);
  expect(isClosed()).toBe(true);
});
