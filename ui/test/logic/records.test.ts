import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createEdits } from '../../src/documents/edits.ts';
import { openRecords } from '../../src/documents/records.ts';
import { parseBox } from '../../src/surfaces/canvas/model.ts';

/** Two documents that tell each other everything. */
function pair(): [Y.Doc, Y.Doc] {
  const docs: [Y.Doc, Y.Doc] = [new Y.Doc(), new Y.Doc()];
  docs[0].on('update', (update, origin) => origin !== 'peer' && Y.applyUpdate(docs[1], update, 'peer'));
  docs[1].on('update', (update, origin) => origin !== 'peer' && Y.applyUpdate(docs[0], update, 'peer'));
  return docs;
}

test('records are what everybody has made of them, and those that did not change are the same', () => {
  const [here, there] = pair();
  const mine = openRecords(here, 'nodes', parseBox);
  const theirs = openRecords(there, 'nodes', parseBox);
  let calls = 0;
  theirs.subscribe(() => {
    calls += 1;
  });
  mine.add('a', { label: 'A', at: [1, 2] });
  mine.add('b', { label: 'B', at: [3, 4] });
  const [first] = theirs.get();
  theirs.update('b', { label: 'Bee' });
  mine.update('b', { at: [5, 6] });
  expect(theirs.get()).toEqual([
    { id: 'a', label: 'A', at: [1, 2] },
    { id: 'b', label: 'Bee', at: [5, 6] },
  ]);
  expect(theirs.get()[0]).toBe(first);
  expect(calls).toBe(4);
  mine.remove('a');
  expect(theirs.get().map(({ id }) => id)).toEqual(['b']);
});

test('what cannot be understood is not shown', () => {
  const doc = new Y.Doc();
  const records = openRecords(doc, 'nodes', parseBox);
  const root = doc.getMap<unknown>('nodes');
  root.set('text', 'no map');
  root.set('nowhere', new Y.Map([['label', 'x']]));
  root.set('infinite', new Y.Map([['at', [Number.POSITIVE_INFINITY, 0]]]));
  root.set(
    'typed',
    new Y.Map<unknown>([
      ['at', [1, 2]],
      ['label', 7],
    ]),
  );
  expect(records.get()).toEqual([{ id: 'typed', label: '', at: [1, 2] }]);
});

test('an undo takes back one step of one’s own, and nothing of others', () => {
  const [here, there] = pair();
  const edits = createEdits(here);
  const mine = openRecords(here, 'nodes', parseBox);
  const theirs = openRecords(there, 'nodes', parseBox);
  edits.step(() => mine.add('a', { label: 'A', at: [0, 0] }));
  // A drag is one step, however many places there were on its way.
  for (let x = 1; x <= 5; x += 1) {
    edits.stroke(() => mine.update('a', { at: [x, 0] }));
  }
  edits.end();
  theirs.update('a', { label: 'Theirs' });
  edits.history.undo();
  expect(mine.get()).toEqual([{ id: 'a', label: 'Theirs', at: [0, 0] }]);
  edits.history.redo();
  expect(mine.get()).toEqual([{ id: 'a', label: 'Theirs', at: [5, 0] }]);
  edits.close();
});

test('a document that was imported as JSON is shown, and changed field by field from then on', () => {
  const [here, there] = pair();
  const mine = openRecords(here, 'nodes', parseBox);
  const theirs = openRecords(there, 'nodes', parseBox);
  here.getMap<unknown>('nodes').set('a', { label: 'A', at: [1, 2] });
  theirs.update('a', { label: 'Aye' });
  mine.update('a', { at: [3, 4] });
  expect(theirs.get()).toEqual([{ id: 'a', label: 'Aye', at: [3, 4] }]);
});
