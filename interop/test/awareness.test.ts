import { describe, expect } from 'vitest';
import type { Peer } from '../support/peer.ts';
import { until } from '../support/until.ts';
import { test } from '../support/world.ts';

const NAMES = ['Ada', 'Bob', 'Cyd', 'Dan', 'Eve'];

/** For a restart: y-websocket's wait before it comes back is part of it. In milliseconds. */
const BACK = 3_000;

/** y-protocols forgets whom it has not heard of for 30 s, and looks every 3 s. */
const FORGOTTEN = 45_000;

/** Shorter than the 15 s after which y-protocols says by itself that it is still there. */
const BETWEEN_GUESTS = 5_000;

/** y-websocket takes a connection for dead on which it hears nothing for 30 s, and looks every 3 s. */
const PATIENCE_OF_CLIENT = 36_000;

async function allSeeAll(peers: readonly Peer[], within?: number): Promise<void> {
  const everybody = JSON.stringify([...NAMES].sort());
  const seeAll = () => peers.every((peer) => JSON.stringify(peer.names) === everybody);
  await until('everybody sees everybody', seeAll, within);
}

function passed(duration: number): () => boolean {
  const end = performance.now() + duration;
  return () => performance.now() >= end;
}

describe('awareness', () => {
  for (const how of ['terminate', 'kill'] as const) {
    test(`shows everybody again soon after a restart (${how})`, async ({ server, join }) => {
      const peers = NAMES.map((name) => join('plan', { name }));
      await allSeeAll(peers);
      await server[how]();
      await until('everybody is alone', () => peers.every((peer) => peer.names.length === 1));
      await server.launch();
      await allSeeAll(peers, BACK);
    });
  }

  test('shows everybody again to one who was cut off, and it to them', async ({ join }) => {
    const peers = NAMES.map((name) => join('plan', { name }));
    await allSeeAll(peers);
    const [cut, ...others] = peers as [Peer, ...Peer[]];
    cut.cut();
    await until('it lost the others', () => cut.names.length === 1);
    await allSeeAll(peers, BACK);
    // What it says from now on counts.
    cut.provider.awareness.setLocalStateField('cursor', 7);
    for (const peer of others) {
      await until('its cursor is seen', () =>
        [...peer.provider.awareness.getStates().values()].some((state) => state.cursor === 7),
      );
    }
  });

  test('forgets one who disconnects', async ({ join }) => {
    const [ada, bob] = [join('plan', { name: 'Ada' }), join('plan', { name: 'Bob' })];
    await until('they see each other', () => ada.names.length === 2 && bob.names.length === 2);
    bob.provider.disconnect();
    await until('bob is gone', () => ada.names.length === 1);
    expect(ada.names).toEqual(['Ada']);
  });

  // Both wait for time to pass, so they do so together.
  describe.concurrent('over time', () => {
    test('keeps a lone provider connected that has nothing to say', async ({ join }) => {
      const lone = await join('plan').synced();
      let closes = 0;
      lone.provider.on('connection-close', () => {
        closes += 1;
      });
      const over = passed(PATIENCE_OF_CLIENT);
      await until('its patience would have ended', () => closes > 0 || over(), PATIENCE_OF_CLIENT + 5_000);
      expect(closes).toBe(0);
      expect(lone.provider.wsconnected).toBe(true);
    });

    test('keeps idle people in sight of each other while others come and go', async ({ join }) => {
      const idle = [
        await join('plan', { name: 'Ada' }).synced(),
        await join('plan', { name: 'Bob' }).synced(),
      ];
      await until('they see each other', () => idle.every((peer) => peer.names.length === 2));
      const ids = idle.map((peer) => peer.doc.clientID);
      const lost: number[] = [];
      for (const { provider } of idle) {
        provider.awareness.on('change', ({ removed }: { removed: number[] }) => {
          // A client that is asked for a newer clock counts itself among the removed.
          lost.push(...removed.filter((id) => ids.includes(id) && id !== provider.doc.clientID));
        });
      }
      const over = passed(FORGOTTEN);
      while (!over()) {
        const guest = join('plan', { name: 'Guest' });
        await until('the guest sees them', () => guest.names.length === 3);
        await until('they see the guest', () => idle.every((peer) => peer.names.length === 3));
        guest.destroy();
        await until('the guest is gone', () => idle.every((peer) => !peer.names.includes('Guest')));
        const next = passed(BETWEEN_GUESTS);
        await until('the next one comes', next);
      }
      expect(lost).toEqual([]);
    });
  });
});
