import { vi } from 'vitest';
import { type ConnectOptions, connect, type Presence, type Project } from '../../src/index.ts';
import { FakeSocket } from './fake-socket.ts';
import { bulkPresence, presence } from './messages.ts';

/** Options of a project on fake sockets, whose user is Ada. */
export const FAKE: ConnectOptions = {
  url: 'ws://collab.test',
  projectId: 1,
  user: { id: 'ada', name: 'Ada', color: '#6E56CF' },
  WebSocket: FakeSocket,
};

/** Lets promises that are due run; no time passes. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** A project that has begun its first try. */
export async function connecting(options: Partial<ConnectOptions> = {}): Promise<Project> {
  const project = connect({ ...FAKE, ...options });
  await settle();
  return project;
}

/** A project that has joined, together with `others`. */
export async function online(options: Partial<ConnectOptions> = {}, ...others: Presence[]): Promise<Project> {
  const project = await connecting(options);
  join(...others);
  return project;
}

/** The server opens the newest socket and lets Ada in. */
export function join(...others: Presence[]): void {
  FakeSocket.last.open();
  FakeSocket.last.say(bulkPresence(presence('ada'), ...others));
}

/** Lets time pass on a connection that is alive: the server is heard of now and then. */
export async function healthyFor(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 20_000) {
    FakeSocket.last.say({ type: 'pong' });
    await vi.advanceTimersByTimeAsync(Math.min(left, 20_000));
  }
}
