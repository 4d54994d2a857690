import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { replay } from '../support/content.ts';
import { edit } from '../support/edits.ts';
import { Ledger, MARKS } from '../support/ledger.ts';
import { LedgerClient } from '../support/ledger-client.ts';
import { Peer } from '../support/peer.ts';
import { Random, seeds } from '../support/random.ts';
import { report } from '../support/report.ts';
import type { Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 20);
const CLIENTS = 4;

/** Rounds between two lines of progress. */
const PROGRESS = 50;

/** A life of the server, from when all are in sync; in milliseconds. */
const LONGEST_LIFE = 600;

/** Edits one document until the server is killed, at a moment that has nothing to do with the edits. */
async function life(server: Server, random: Random, round: number): Promise<LedgerClient[]> {
  const clients = Array.from({ length: CLIENTS }, () => new LedgerClient(server, 'ledger'));
  for (const client of clients) {
    await until('the client is in sync', () => client.isSynced);
  }
  const killed = pause(random.below(LONGEST_LIFE)).then(() => server.kill());
  let edits = 0;
  while (server.isUp) {
    const client = random.pick(clients);
    client.doc.transact(() => {
      edit(client.doc, random);
      client.doc.getMap(MARKS).set(`${round}.${edits}`, edits);
    });
    edits += 1;
    // Lets frames come and go between edits, often enough that several edits share a commit.
    await pause(random.below(4));
  }
  await killed;
  await until('the clients notice', () => clients.every((client) => !client.isOpen));
  return clients;
}

describe('durability', () => {
  test(`of all that was reported saved, over ${ROUNDS} kills`, { timeout: 60_000 + ROUNDS * 10_000 }, async ({
    server,
  }) => {
    const [seed = 1] = process.env.SEED ? seeds() : [Date.now() % 2 ** 32];
    report(`SEED=${seed}`);
    const random = new Random(seed);
    const ledger = new Ledger();
    let reports = 0;

    for (let round = 0; round < ROUNDS; round += 1) {
      const clients = await life(server, random, round);
      for (const client of clients) {
        ledger.enter(client);
        reports += client.reports;
        expect(client.faults).toEqual([]);
        client.drop();
      }
      await server.launch();
      // Somebody who knows nothing, so that what is there comes from the disk.
      const fresh = await new Peer(server, 'ledger').synced();
      expect(ledger.missing(fresh.doc), `lost in round ${round}`).toEqual([]);
      // Whole: no operation waits for one that is missing.
      expect(fresh.doc.store.pendingStructs).toBeNull();
      expect(fresh.doc.store.pendingDs).toBeNull();
      fresh.destroy();
      if ((round + 1) % PROGRESS === 0) {
        report(`${round + 1} kills, ${ledger.acknowledged} messages reported saved, lost 0`);
      }
    }

    report(
      `${ROUNDS} kills, ${reports} reports, ${ledger.acknowledged} messages reported saved, ` +
        `${ledger.marks.size} edits among them, ${ledger.open} messages never reported, lost 0`,
    );
    expect(ledger.marks.size).toBeGreaterThan(ROUNDS);
    expect(ledger.open).toBeGreaterThan(0);
  });

  test('is reported for every edit, without further ones', async ({ server }) => {
    const client = new LedgerClient(server, 'ledger');
    await until('it is in sync', () => client.isSynced);
    for (let count = 0; count < 10; count += 1) {
      client.doc.getText('text').insert(0, `${count} `);
      await until('all is saved', () => client.sent.length === client.saved);
    }
    expect(client.faults).toEqual([]);
    expect(client.clocks.get(client.doc.clientID)).toBe(20);
    expect(replay(client.sent).getText('text').length).toBe(20);
    client.drop();
  });
});
