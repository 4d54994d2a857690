import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { type SharedDocument, yjsDocuments } from '../../src/documents/index.ts';
import { connect, type ProjectWithDocuments } from '../../src/index.ts';
import { type DroppingSockets, droppingSockets } from '../support/dropping-socket.ts';
import { shortWaits } from '../support/no-waits.ts';
import { seeded } from '../support/random.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** Edits of each client, and how many of them come together before the clients let the network work. */
const EDITS = 120;
const TOGETHER = 6;

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

interface Client {
  readonly project: ProjectWithDocuments<SharedDocument>;
  readonly document: SharedDocument;
  readonly sockets: DroppingSockets;
}

function client(id: string, documentId: string): Client {
  const sockets = droppingSockets();
  const project = connect({
    url: server.url,
    projectId: 1,
    user: { id, name: id },
    WebSocket: sockets.Socket,
    documents: yjsDocuments(),
  });
  return { project, document: project.document(documentId), sockets };
}

function edit({ doc }: SharedDocument, random: () => number): void {
  const text = doc.getText('text');
  const at = Math.floor(random() * (text.length + 1));
  const kind = random();
  if (kind < 0.5) {
    text.insert(at, String.fromCharCode(97 + Math.floor(random() * 26)));
  } else if (kind < 0.65 && text.length > at) {
    text.delete(at, 1);
  } else if (kind < 0.85) {
    doc.getMap('map').set(`k${Math.floor(random() * 8)}`, random());
  } else {
    doc.getArray('array').push([random()]);
  }
}

function content({ doc }: { doc: Y.Doc }): unknown {
  return [doc.getText('text').toString(), doc.getMap('map').toJSON(), doc.getArray('array').toJSON()];
}

/** Resolves when the network has done its work for a client: it is back, or the server has what it wrote. */
function turn({ document, project }: Client): Promise<unknown> {
  if (project.getSnapshot().connection.phase !== 'online') {
    return until(project, ({ connection }) => connection.phase === 'online');
  }
  return until(document, ({ saved }) => saved !== 'saving');
}

test.each([1, 2, 3])(
  'clients that are cut off again and again end with the same content (seed %i)',
  async (seed) => {
    shortWaits();
    const random = seeded(seed);
    const documentId = `converge-${seed}`;
    const clients = ['ada', 'bob', 'eve'].map((id) => client(id, documentId));
    for (let edits = 0; edits < EDITS; edits += TOGETHER) {
      for (const { document, sockets } of clients) {
        for (let n = 0; n < TOGETHER; n += 1) {
          edit(document, random);
        }
        if (random() < 0.15) {
          sockets.drop();
        }
      }
      await turn(clients[edits % clients.length] as Client);
    }
    const settled = ({ status, saved }: { status: string; saved: string }): boolean =>
      status === 'synced' && saved === 'saved';
    await Promise.all(clients.map(({ document }) => until(document, settled)));
    const late = client('late', documentId);
    await until(late.document, ({ status }) => status === 'synced');
    const expected = content(late.document);
    for (const { document } of clients) {
      await new Promise<void>((resolve) => {
        const look = (): void => (isDeepStrictEqual(content(document), expected) ? resolve() : undefined);
        document.doc.on('update', look);
        look();
      });
      expect(content(document)).toEqual(expected);
    }
    for (const { project } of [...clients, late]) {
      project.close();
    }
  },
);
