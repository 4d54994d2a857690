import { describe, expect } from 'vitest';
import * as Y from 'yjs';
import { areEqual, difference, exported, replay } from '../support/content.ts';
import { edit } from '../support/edits.ts';
import type { Peer } from '../support/peer.ts';
import { Random, seeds } from '../support/random.ts';
import { report } from '../support/report.ts';
import type { Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const CLIENTS = 20;
const ROUNDS = 60;

/** After which rounds the server is ended, and how. The clients go on meanwhile. */
const RESTARTS = new Map<number, 'terminate' | 'kill'>([
  [15, 'kill'],
  [30, 'terminate'],
  [45, 'kill'],
]);

function round(peers: readonly Peer[], random: Random): void {
  for (const { doc, provider } of peers) {
    for (let left = random.below(3); left > 0; left -= 1) {
      edit(doc, random);
    }
    if (!provider.shouldConnect && random.chance(0.4)) {
      provider.connect();
    }
  }
  if (random.chance(0.5)) {
    random.pick(peers).provider.disconnect();
  }
  if (random.chance(0.5)) {
    random.pick(peers).cut();
  }
}

async function restart(server: Server, how: 'terminate' | 'kill', whileDown: () => void): Promise<void> {
  const ended = server[how]();
  whileDown();
  await ended;
  whileDown();
  await server.launch();
}

/**
 * Waits until all hold what yjs makes of all that any of them did. That may still grow: a client that receives formats of
 * text tidies them, which is an edit like any other.
 */
async function converged(peers: readonly Peer[], history: History): Promise<void> {
  for (const [index, peer] of peers.entries()) {
    await until(`client ${index} is in sync`, () => peer.provider.synced);
  }
  const differs = () => peers.findIndex((peer) => !areEqual(peer.doc, history.replayed(peers)));
  await until('all have everything', () => differs() === -1).catch((error: unknown) => {
    const index = differs();
    const differing = peers[index];
    if (differing !== undefined) {
      report(
        `client ${index} differs: ${JSON.stringify(difference(differing.doc, history.replayed(peers)))}`,
      );
    }
    throw error;
  });
}

/** What the clients did, replayed as far as it went when last asked. */
class History {
  readonly #doc = new Y.Doc();
  readonly #seen = new Map<Peer, number>();

  replayed(peers: readonly Peer[]): Y.Doc {
    for (const peer of peers) {
      const news = peer.made.slice(this.#seen.get(peer) ?? 0);
      this.#seen.set(peer, peer.made.length);
      if (news.length > 0) {
        replay(news, this.#doc);
      }
    }
    return this.#doc;
  }
}

describe('convergence', () => {
  test.for(seeds())('of 20 clients over cuts and restarts, seed %i', async (seed, { server, join }) => {
    report(`SEED=${seed}`);
    const random = new Random(seed);
    const peers = Array.from({ length: CLIENTS }, () => join('shared'));
    for (const peer of peers) {
      await peer.synced();
    }

    for (let count = 1; count <= ROUNDS; count += 1) {
      round(peers, random);
      const how = RESTARTS.get(count);
      if (how !== undefined) {
        await restart(server, how, () => round(peers, random));
      }
      // A reply of the server, so that what happens in one round meets what is under way from the one before.
      await server.health();
    }

    for (const { provider } of peers) {
      provider.connect();
    }
    const history = new History();
    await converged(peers, history);
    const updates = peers.reduce((sum, peer) => sum + peer.made.length, 0);
    report(`${updates} updates`);
    expect(updates).toBeGreaterThan(CLIENTS * ROUNDS * 0.5);

    peers.push(await exported(join, 'shared'));
    await converged(peers, history);

    // What a server finds on disk is what it had in memory.
    await server.kill();
    await server.launch();
    peers.push(await exported(join, 'shared'));
    await converged(peers, history);
    expect(history.replayed(peers).store.pendingStructs).toBeNull();
  });
});
