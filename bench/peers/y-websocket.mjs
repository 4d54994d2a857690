// The server of y-websocket as its own program sets it up, on a free port: node y-websocket.mjs DIRECTORY
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

// It is read when the module is loaded.
process.env.YPERSISTENCE = join(process.argv[2], 'leveldb');
const { setupWSConnection } = await import('@y/websocket-server/utils');

const version = createRequire(import.meta.url)('../package.json').dependencies['@y/websocket-server'];
const server = createServer();
new WebSocketServer({ server }).on('connection', setupWSConnection);
server.listen(0, '127.0.0.1', () => {
  console.log(`y-websocket-server ${version} listens on http://127.0.0.1:${server.address().port}`);
});
