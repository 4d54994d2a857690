import * as Y from 'yjs';
import type { LedgerClient } from './ledger-client.ts';

/** Where each edit leaves a mark of its own that nobody ever removes. */
export const MARKS = 'marks';

/** All that was ever reported saved, over all lives of a server. */
export class Ledger {
  /** Marks of saved edits. */
  readonly marks = new Set<string>();
  /** Clocks up to which saved edits reach, by client. */
  readonly clocks = new Map<number, number>();
  /** Ranges that saved edits deleted. */
  readonly deletions: { client: number; clock: number; length: number }[] = [];
  /** Messages reported saved. */
  acknowledged = 0;
  /** Messages sent that were not reported when the server ended; they may be there or not. */
  open = 0;

  /** Enters what a client was told. */
  enter(client: LedgerClient): void {
    this.acknowledged += client.saved;
    this.open += client.sent.length - client.saved;
    for (const update of client.sent.slice(0, client.saved)) {
      this.#enterUpdate(update);
    }
    for (const [id, clock] of client.clocks) {
      this.#reach(id, clock);
    }
  }

  /** What of it a document lacks. */
  missing(doc: Y.Doc): string[] {
    const there = doc.getMap(MARKS);
    const lost = [...this.marks].filter((mark) => !there.has(mark));
    for (const [client, clock] of this.clocks) {
      const reached = Y.getState(doc.store, client);
      if (reached < clock) {
        lost.push(`client ${client} reaches to ${reached}, saved to ${clock}`);
      }
    }
    const deleted = Y.createDeleteSetFromStructStore(doc.store);
    for (const { client, clock, length } of this.deletions) {
      for (let at = clock; at < clock + length; at += 1) {
        if (!Y.isDeleted(deleted, Y.createID(client, at))) {
          lost.push(`${client}:${at} is back, its deletion was saved`);
        }
      }
    }
    return lost;
  }

  #enterUpdate(update: Uint8Array): void {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const { id, length } of structs) {
      this.#reach(id.client, id.clock + length);
    }
    for (const [client, ranges] of ds.clients) {
      this.deletions.push(...ranges.map(({ clock, len }) => ({ client, clock, length: len })));
    }
    for (const mark of marksOf(structs)) {
      this.marks.add(mark);
    }
  }

  #reach(client: number, clock: number): void {
    this.clocks.set(client, Math.max(clock, this.clocks.get(client) ?? 0));
  }
}

/** The keys that an update sets in the map of marks. Its own words say so: an undecoded parent is a root's name. */
function marksOf(structs: readonly unknown[]): string[] {
  return structs.flatMap((struct) => {
    if (!(struct instanceof Y.Item)) {
      return [];
    }
    const parent: unknown = struct.parent;
    return parent === MARKS && struct.parentSub !== null ? [struct.parentSub] : [];
  });
}
