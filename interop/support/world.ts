import { test as base, onTestFailed } from 'vitest';
import { Peer, type PeerOptions } from './peer.ts';
import { report } from './report.ts';
import { Server } from './server.ts';

/** Makes a peer that is gone when the test is over. */
export type Join = (document: string, options?: PeerOptions) => Peer;

/** A server for each test. It fails the test when it keeps anything of clients that are gone, or does not end well. */
export const test = base.extend<{ server: Server; join: Join }>({
  server: async ({ task: _ }, use) => {
    const server = await Server.start();
    onTestFailed(() => report(server.log));
    try {
      await use(server);
      await server.assertBaseline();
    } finally {
      await server.dispose();
    }
  },
  join: async ({ server }, use) => {
    const peers: Peer[] = [];
    await use((document, options) => {
      const peer = new Peer(server, document, options);
      peers.push(peer);
      return peer;
    });
    for (const peer of peers) {
      peer.destroy();
    }
  },
});
