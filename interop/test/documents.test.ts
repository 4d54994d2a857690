import { describe, expect } from 'vitest';
import * as Y from 'yjs';
import { areEqual, content, exported } from '../support/content.ts';
import { edit } from '../support/edits.ts';
import { Random } from '../support/random.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

/** As much text as fits into an update of 1 MiB, with room for what the update says beside it. */
const PASTE = 1024 * 1024 - 1024;

describe('a document', () => {
  test('takes in the edits that a late joiner made offline', async ({ join }) => {
    const early = await join('plan').synced();
    early.text.insert(0, 'online');
    const late = join('plan', { connect: false });
    const random = new Random(7);
    for (let left = 50; left > 0; left -= 1) {
      edit(late.doc, random);
    }
    late.doc.getMap('map').set('late', true);

    late.provider.connect();
    await until('both have all', () => areEqual(early.doc, late.doc));
    expect(early.doc.getMap('map').get('late')).toBe(true);
    expect(late.text.toString()).toContain('online');
    expect(areEqual((await exported(join, 'plan')).doc, early.doc)).toBe(true);
  });

  test('is not mixed up with another one that the same clients have open', async ({ join }) => {
    const plans = [await join('plan').synced(), await join('plan').synced()] as const;
    const notes = [await join('notes').synced(), await join('notes').synced()] as const;
    for (let count = 0; count < 50; count += 1) {
      plans[count % 2 === 0 ? 0 : 1].text.insert(0, 'p');
      notes[count % 2 === 0 ? 0 : 1].text.insert(0, 'n');
    }
    for (const [peers, letter] of [
      [plans, 'p'],
      [notes, 'n'],
    ] as const) {
      for (const peer of peers) {
        await until('each has its own', () => peer.text.toString() === letter.repeat(50));
      }
    }
    expect((await exported(join, 'plan')).text.toString()).toBe('p'.repeat(50));
    expect((await exported(join, 'notes')).text.toString()).toBe('n'.repeat(50));
  });

  test('takes a paste of 1 MiB and gives it to everybody without closing one', async ({ server, join }) => {
    const [author, reader] = [await join('plan').synced(), await join('plan').synced()];
    const paste = 'collabd '.repeat(PASTE / 8);
    author.text.insert(0, paste);
    await until('the reader has it', () => reader.text.length === PASTE);
    author.text.insert(0, '!');
    await until('and what comes next', () => reader.text.length === PASTE + 1);

    expect([...author.closes, ...reader.closes]).toEqual([]);

    // It holds after a restart, and whoever has it already is not in the way of anybody else.
    await server.terminate();
    await server.launch();
    const fresh = await exported(join, 'plan');
    expect(fresh.text.toString()).toBe(`!${paste}`);
    await author.synced();
    fresh.text.insert(0, '?');
    await until('the author reads on', () => author.text.toString().startsWith('?!'));
    expect(fresh.closes).toEqual([]);
  });

  test('survives a pair of surrogates that is cut in two', async ({ join }) => {
    const [author, reader] = [await join('plan').synced(), await join('plan').synced()];
    author.text.insert(0, 'a😀b😀c');
    await until('the reader has it', () => reader.text.length === author.text.length);
    author.text.delete(2, 1);
    author.text.insert(5, 'x');
    author.text.insert(author.text.length, '!');
    await until('the reader has what follows', () => reader.text.toString().endsWith('!'));
    expect(reader.text.toString()).toBe(author.text.toString());
    expect((await exported(join, 'plan')).text.toString()).toBe(author.text.toString());
  });

  test('refuses a project that is not there, and the client keeps its edits', async ({ join }) => {
    const lost = join('plan', { project: 999 });
    lost.text.insert(0, 'mine');
    await until('it is refused', () => lost.closes.includes(4503));
    expect(content(lost.doc)).toMatchObject({ text: [{ insert: 'mine' }] });
    expect(Y.encodeStateVector(lost.doc).length).toBeGreaterThan(1);
  });
});
