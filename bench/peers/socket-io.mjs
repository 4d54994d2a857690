// Socket.IO as its documentation sets it up, on a free port: whoever joins a room is passed on what others say there.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { Server } from 'socket.io';

const version = createRequire(import.meta.url)('../package.json').dependencies['socket.io'];
const server = createServer();
new Server(server).on('connection', (socket) => {
  let room;
  socket.on('join', (name, done) => {
    room = name;
    socket.join(name);
    done();
  });
  socket.on('cursor', (cursor) => socket.to(room).emit('cursor', cursor));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`Socket.IO ${version} listens on http://127.0.0.1:${server.address().port}`);
});
