import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SocketConstructor } from '../../src/connection/socket.ts';
import { connect, type Project } from '../../src/index.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** A class of sockets that offer `protocols` of what is offered, and all of its sockets. */
function socketsOffering(isOffered: (protocol: string) => boolean) {
  const made: WebSocket[] = [];
  class Socket extends WebSocket {
    constructor(url: string, protocols: string[] = []) {
      super(url, protocols.filter(isOffered));
      made.push(this);
    }
  }
  return { Socket, made };
}

function project(id: string, Socket: SocketConstructor): Project {
  return connect({ url: server.url, projectId: 1, user: { id, name: id }, WebSocket: Socket });
}

test('the compact form is chosen by the server, and who speaks it sees who speaks JSON, and is seen', async () => {
  const compact = socketsOffering(() => true);
  const json = socketsOffering((protocol) => !protocol.includes('msgpack'));
  const ada = project('ada', compact.Socket);
  const bob = project('bob', json.Socket);
  for (const each of [ada, bob]) {
    each.switchDocument('plan', 'canvas');
  }
  ada.moveCursor('plan', { type: 'canvas', x: 0.1, y: -2 }, { selectedNodeId: 'node-17' });
  bob.moveCursor('plan', { type: 'canvas', x: 1.5, y: 3, zoom: 2 });
  const [seenByBob] = (await until(bob, ({ cursors }) => cursors.has('plan'))).cursors.get('plan') ?? [];
  const [seenByAda] = (await until(ada, ({ cursors }) => cursors.has('plan'))).cursors.get('plan') ?? [];
  expect(seenByBob).toMatchObject({
    userId: 'ada',
    selectedNodeId: 'node-17',
    position: { type: 'canvas', x: 0.1, y: -2 },
  });
  expect(seenByAda).toMatchObject({ userId: 'bob', position: { type: 'canvas', x: 1.5, y: 3, zoom: 2 } });
  expect(compact.made.map(({ protocol }) => protocol)).toEqual(['collab.v2.msgpack']);
  expect(json.made.map(({ protocol }) => protocol)).toEqual(['collab.v2.batch']);
  ada.close();
  bob.close();
});
