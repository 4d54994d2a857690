// The least that a server on `ws` can do, on a free port: a room for each path, and everything to all others in it.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { WebSocketServer } from 'ws';

const version = createRequire(import.meta.url)('../package.json').dependencies.ws;
const rooms = new Map();
const server = createServer();
new WebSocketServer({ server }).on('connection', (socket, request) => {
  const room = rooms.get(request.url) ?? new Set();
  rooms.set(request.url, room.add(socket));
  socket.on('message', (message, isBinary) => {
    for (const other of room) {
      if (other !== socket) {
        other.send(message, { binary: isBinary });
      }
    }
  });
  socket.on('close', () => {
    room.delete(socket);
    if (room.size === 0) {
      rooms.delete(request.url);
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`ws ${version} relay listens on http://127.0.0.1:${server.address().port}`);
});
