import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Server } from './server.ts';
import { until } from './until.ts';

// y-websocket listens for the end of the process once for each provider.
process.setMaxListeners(0);

export interface PeerOptions {
  /** Announced as `user.name`, as editors do. */
  name?: string;
  /** For the query of the URL. */
  params?: Record<string, string>;
  connect?: boolean;
  project?: number;
  doc?: Y.Doc;
}

/** A document with an unmodified y-websocket provider, in this process. */
export class Peer {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** The updates that were made here, in order. */
  readonly made: Uint8Array[] = [];
  /** The code of each close that was not asked for here. */
  readonly closes: number[] = [];

  constructor(server: Server, document: string, options: PeerOptions = {}) {
    this.doc = options.doc ?? new Y.Doc();
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this.provider) {
        this.made.push(update);
      }
    });
    this.provider = new WebsocketProvider(server.documents(options.project), document, this.doc, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      // Else the peers of one process would meet without the server.
      disableBc: true,
      // Tests end servers often; the default of 2.5 s would be most of their time.
      maxBackoffTime: 400,
      params: options.params ?? {},
      connect: options.connect ?? true,
    });
    this.provider.on('connection-close', (event) => {
      if (event !== null) {
        this.closes.push(event.code);
      }
    });
    if (options.name !== undefined) {
      this.provider.awareness.setLocalStateField('user', { name: options.name });
    }
  }

  get text(): Y.Text {
    return this.doc.getText('text');
  }

  /** Everybody's announced name, this one's included, in order. */
  get names(): string[] {
    const states = [...this.provider.awareness.getStates().values()];
    return states.flatMap((state) => (state.user?.name === undefined ? [] : [state.user.name])).sort();
  }

  async synced(): Promise<this> {
    await until('the peer is in sync', () => this.provider.synced);
    return this;
  }

  /** Cuts the connection as a failing network does: without a close frame. y-websocket comes back by itself. */
  cut(): void {
    (this.provider.ws as unknown as WebSocket | null)?.terminate();
  }

  destroy(): void {
    this.provider.destroy();
    this.provider.awareness.destroy();
    this.doc.destroy();
  }
}
