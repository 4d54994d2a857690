import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';
import type { Server } from './server.ts';

const SYNC = 0;
const SAVED = 101;

/** A client of the subprotocol `collab.documents` that keeps account of what it was told is on disk. */
export class LedgerClient {
  readonly doc = new Y.Doc();
  /** The updates it sent as step 2 or update, in order, empty ones included: the server counts them all. */
  readonly sent: Uint8Array[] = [];
  /** How many of them are reported saved. */
  saved = 0;
  /** How many reports came. */
  reports = 0;
  /** The clocks that the reports named. */
  readonly clocks = new Map<number, number>();
  /** Rules that the server broke. */
  readonly faults: string[] = [];
  isSynced = false;
  readonly #socket: WebSocket;

  constructor(server: Server, document: string) {
    this.#socket = new WebSocket(`${server.documents()}/${document}`, ['collab.documents']);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.on('open', () => this.#send((to) => sync.writeSyncStep1(to, this.doc)));
    this.#socket.on('message', (data) => this.#take(new Uint8Array(data as ArrayBuffer)));
    // The server is killed while this is open; its end is expected.
    this.#socket.on('error', () => {});
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this && this.#socket.readyState === WebSocket.OPEN) {
        this.sent.push(update);
        this.#send((to) => sync.writeUpdate(to, update));
      }
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Gone without a close frame, and its document with it. */
  drop(): void {
    this.#socket.terminate();
    this.doc.destroy();
  }

  #send(write: (to: encoding.Encoder) => void): void {
    const to = encoding.createEncoder();
    encoding.writeVarUint(to, SYNC);
    write(to);
    this.#socket.send(encoding.toUint8Array(to));
  }

  #take(frame: Uint8Array): void {
    const from = decoding.createDecoder(frame);
    switch (decoding.readVarUint(from)) {
      case SYNC:
        this.#takeSync(from);
        break;
      case SAVED:
        this.#takeSaved(decoding.readVarUint(from), decoding.readVarUint8Array(from));
        break;
    }
  }

  #takeSync(from: decoding.Decoder): void {
    const kind = decoding.readVarUint(from);
    const payload = decoding.readVarUint8Array(from);
    if (kind === sync.messageYjsSyncStep1) {
      const update = Y.encodeStateAsUpdate(this.doc, payload);
      this.sent.push(update);
      this.#send((to) => {
        encoding.writeVarUint(to, sync.messageYjsSyncStep2);
        encoding.writeVarUint8Array(to, update);
      });
    } else {
      Y.applyUpdate(this.doc, payload, this);
      this.isSynced ||= kind === sync.messageYjsSyncStep2;
    }
  }

  #takeSaved(count: number, vector: Uint8Array): void {
    if (count < this.saved || count > this.sent.length) {
      this.faults.push(`saved ${count} after ${this.saved}, of ${this.sent.length} sent`);
    }
    this.saved = Math.max(this.saved, count);
    this.reports += 1;
    for (const [client, clock] of Y.decodeStateVector(vector)) {
      this.clocks.set(client, Math.max(clock, this.clocks.get(client) ?? 0));
    }
  }
}
