// Hocuspocus as its documentation sets it up, on a free port: node hocuspocus.mjs DIRECTORY
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';

const version = createRequire(import.meta.url)('../package.json').dependencies['@hocuspocus/server'];
const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  extensions: [new SQLite({ database: join(process.argv[2], 'documents.db') })],
});
await server.listen();
console.log(`Hocuspocus ${version} listens on http://127.0.0.1:${server.address.port}`);
