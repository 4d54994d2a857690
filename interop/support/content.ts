import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import type { Peer } from './peer.ts';
import type { Join } from './world.ts';

/** What a reader of a document sees; the same for equal documents, whatever way they came about. */
export function content(doc: Y.Doc): unknown {
  return {
    text: doc.getText('text').toDelta(),
    map: doc.getMap('map').toJSON(),
    array: doc.getArray('array').toJSON(),
    xml: doc.getXmlFragment('xml').toString(),
  };
}

/** Do two documents hold the same operations, deletions included, and show the same? */
export function areEqual(a: Y.Doc, b: Y.Doc): boolean {
  // Keys of a map have no order.
  return Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b)) && isDeepStrictEqual(content(a), content(b));
}

/** Where two documents differ: in what is seen, in what was received, or in what is deleted. For a failure's message. */
export function difference(a: Y.Doc, b: Y.Doc): Record<string, unknown> {
  const pairs = {
    content: [content(a), content(b)],
    clocks: [Object.fromEntries(Y.snapshot(a).sv), Object.fromEntries(Y.snapshot(b).sv)],
    deletions: [deletions(a), deletions(b)],
    pending: [a.store.pendingStructs !== null, b.store.pendingStructs !== null],
  };
  return Object.fromEntries(
    Object.entries(pairs).filter(([, [one, other]]) => !isDeepStrictEqual(one, other)),
  );
}

function deletions(doc: Y.Doc): Record<string, string> {
  const { clients } = Y.createDeleteSetFromStructStore(doc.store);
  const ranges = (of: { clock: number; len: number }[]) =>
    of.map(({ clock, len }) => `${clock}+${len}`).join(' ');
  return Object.fromEntries([...clients].map(([client, of]) => [client, ranges(of)]));
}

/** A document made by yjs alone from updates, added to one that was made so before or to an empty one. */
export function replay(updates: Iterable<Uint8Array>, doc = new Y.Doc()): Y.Doc {
  doc.transact((transaction) => {
    for (const update of updates) {
      Y.applyUpdate(doc, update);
    }
    // After a remote change yjs tidies formats of text, which would be an edit that no client made.
    transaction.local = true;
  });
  return doc;
}

/** What the server holds, as somebody learns who knew nothing. */
export async function exported(join: Join, document: string): Promise<Peer> {
  return await join(document).synced();
}
