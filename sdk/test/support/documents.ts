import { vi } from 'vitest';
import { type SharedDocument, type YjsDocumentsOptions, yjsDocuments } from '../../src/documents/index.ts';
import { type ConnectOptions, connect, type ProjectWithDocuments } from '../../src/index.ts';
import type { DocumentServer } from './document-server.ts';
import { FakeSocket } from './fake-socket.ts';
import { bulkPresence, presence } from './messages.ts';
import { FAKE, settle } from './project.ts';

/** A project with documents, and the sockets that it makes. */
export interface Editor {
  readonly project: ProjectWithDocuments<SharedDocument>;
  /** Lets the newest socket in. */
  join(): Promise<void>;
  /** Breaks the newest socket and lets the client in again after its wait. */
  reconnect(): Promise<void>;
  /** Breaks the newest socket. */
  lose(): void;
  socket(): FakeSocket;
}

/** A project with documents on fake sockets, whose first try has begun. */
export async function editor(
  server: DocumentServer,
  options: Partial<ConnectOptions> & YjsDocumentsOptions = {},
): Promise<Editor> {
  const before = FakeSocket.made.length;
  const documents = yjsDocuments({ offline: options.offline });
  const project = connect({ ...FAKE, ...options, documents });
  await vi.advanceTimersByTimeAsync(0);
  let socket = FakeSocket.made[before];
  if (!socket) {
    throw new Error('the project made no socket');
  }
  const own = (): FakeSocket => socket as FakeSocket;
  const enter = async (): Promise<void> => {
    server.serve(own());
    own().open();
    own().say(bulkPresence(presence(options.user?.id ?? FAKE.user.id)));
    await settle();
  };
  const lose = (): void => {
    server.drop(own());
    own().end(1006);
  };
  return {
    project,
    join: enter,
    lose,
    socket: own,
    async reconnect() {
      lose();
      await vi.advanceTimersByTimeAsync(30_000);
      socket = FakeSocket.last;
      await enter();
    },
  };
}
