import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { FakeSocket } from './fake-socket.ts';

/** One document on one socket, as the server counts. */
interface Opened {
  /** The `step2` and `update` messages that came. */
  syncs: number;
  /** Clients announced here. */
  readonly announced: Map<number, number>;
}

/** The server's side of documents, played on fake sockets: it commits when the test says so. */
export class DocumentServer {
  role: 'editor' | 'viewer' = 'editor';
  /** Kinds of frames in the order they came: `step1 notes`, `awareness notes`, ... */
  readonly heard: string[] = [];
  readonly #docs = new Map<string, Y.Doc>();
  readonly #sockets = new Map<FakeSocket, Map<string, Opened>>();

  doc(id: string): Y.Doc {
    const doc = this.#docs.get(id) ?? new Y.Doc();
    this.#docs.set(id, doc);
    return doc;
  }

  /** Serves `socket` from now on. */
  serve(socket: FakeSocket): void {
    this.#sockets.set(socket, new Map());
    socket.onframe = (frame) => this.#receive(socket, frame);
  }

  /** The socket has ended. */
  drop(socket: FakeSocket): void {
    this.#sockets.delete(socket);
    socket.onframe = undefined;
  }

  /** Everything that came is on disk: tells everybody how much of theirs that is. */
  commit(): void {
    for (const [socket, documents] of this.#sockets) {
      for (const [id, { syncs }] of documents) {
        this.confirm(socket, id, syncs);
      }
    }
  }

  confirm(socket: FakeSocket, id: string, count: number): void {
    this.say(socket, id, (encoder) => {
      encoding.writeVarUint(encoder, 101);
      encoding.writeVarUint(encoder, count);
      encoding.writeVarUint8Array(encoder, new Uint8Array([0]));
    });
  }

  /** Asks for what the client has, as of one who has become an editor. */
  ask(socket: FakeSocket, id: string): void {
    this.#sync(socket, id, 0, Y.encodeStateVector(this.doc(id)));
  }

  /** Closes a document and keeps the socket. */
  close(socket: FakeSocket, id: string, code: number): void {
    this.#sockets.get(socket)?.delete(id);
    this.say(socket, id, (encoder) => {
      encoding.writeVarUint(encoder, 102);
      encoding.writeVarUint(encoder, code);
      encoding.writeVarString(encoder, 'because');
    });
  }

  /** Sends a message about a document. It arrives after what runs now, as from any socket. */
  say(socket: FakeSocket, id: string, write: (encoder: encoding.Encoder) => void): void {
    const frame = encoding.encode((encoder) => {
      encoding.writeVarString(encoder, id);
      write(encoder);
    });
    queueMicrotask(() => (this.#sockets.has(socket) ? socket.binary(frame) : undefined));
  }

  /** Relays an update to everybody who has the document open, but `from`. */
  relay(id: string, update: Uint8Array, from?: FakeSocket): void {
    for (const [socket, documents] of this.#sockets) {
      if (socket !== from && documents.has(id)) {
        this.#sync(socket, id, 2, update);
      }
    }
  }

  #sync(socket: FakeSocket, id: string, kind: number, bytes: Uint8Array): void {
    this.say(socket, id, (encoder) => {
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarUint(encoder, kind);
      encoding.writeVarUint8Array(encoder, bytes);
    });
  }

  #receive(socket: FakeSocket, frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    const id = decoding.readVarString(decoder);
    const documents = this.#sockets.get(socket);
    switch (decoding.readVarUint(decoder)) {
      case 0:
        this.#receiveSync(socket, id, decoder);
        break;
      case 1:
        this.heard.push(`awareness ${id}`);
        this.#receiveAwareness(socket, id, decoding.readVarUint8Array(decoder));
        break;
      case 102:
        this.heard.push(`close ${id}`);
        documents?.delete(id);
        break;
      default:
        throw new Error('a client sends no other messages');
    }
  }

  #receiveSync(socket: FakeSocket, id: string, decoder: decoding.Decoder): void {
    const kind = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    this.heard.push(`${['step1', 'step2', 'update'][kind]} ${id}`);
    const documents = this.#sockets.get(socket);
    if (kind === 0) {
      documents?.set(id, { syncs: 0, announced: new Map() });
      if (this.role === 'editor') {
        this.ask(socket, id);
      }
      this.#sync(socket, id, 1, Y.encodeStateAsUpdate(this.doc(id), bytes));
      return;
    }
    const opened = documents?.get(id);
    if (!opened) {
      throw new Error('a document is opened before it is changed');
    }
    if (this.role === 'viewer') {
      this.say(socket, id, (encoder) => {
        encoding.writeVarUint(encoder, 2);
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarString(encoder, 'you may only read');
      });
      return;
    }
    opened.syncs += 1;
    Y.applyUpdate(this.doc(id), bytes);
    this.relay(id, bytes, socket);
  }

  /** Relays to everybody, the announcer included; a first announcement is answered with a null state. */
  #receiveAwareness(socket: FakeSocket, id: string, update: Uint8Array): void {
    const opened = this.#sockets.get(socket)?.get(id);
    const decoder = decoding.createDecoder(update);
    decoding.readVarUint(decoder);
    const client = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    for (const [other, documents] of this.#sockets) {
      if (documents.has(id)) {
        this.awareness(other, id, update);
      }
    }
    if (opened && !opened.announced.has(client)) {
      opened.announced.set(client, clock);
      this.awareness(socket, id, nobody(client, clock));
    }
  }

  awareness(socket: FakeSocket, id: string, update: Uint8Array): void {
    this.say(socket, id, (encoder) => {
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarUint8Array(encoder, update);
    });
  }
}

function nobody(client: number, clock: number): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, 'null');
  });
}
