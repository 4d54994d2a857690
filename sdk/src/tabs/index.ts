export { type SharedSocketOptions, sharedSocket } from './shared-socket.ts';
