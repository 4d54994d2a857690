import type { User } from './options.ts';

/** What shared documents need of a project. Keeps the core free of the library that documents are made with. */
export interface DocumentsLink {
  /** The server's address and the project, which tell this project's documents from any other's. */
  readonly url: string;
  readonly projectId: number;
  /** Whose device this is: names what is kept on it. */
  readonly userId: string;
  /** The user as others see it, as soon as that is known. */
  identity(): User;
  /** Is the session joined? */
  isOnline(): boolean;
  /** Sends a binary frame; false when the session is not online. */
  send(frame: Uint8Array<ArrayBuffer>): boolean;
}

/** The documents of one project. */
export interface DocumentsService<D> {
  /** The document `id`; every call is one use, which ends by itself. */
  open(id: string): D;
  /** The session has joined: open documents are synchronised anew. */
  online(): void;
  /** The session is not joined any more. */
  offline(): void;
  /** A binary frame arrived. */
  received(frame: Uint8Array): void;
  /** The project was closed for good. */
  close(): void;
}

/** Adds `document` to a project; made by `yjsDocuments` of `@collabd/sdk/documents`. */
export interface DocumentsExtension<D> {
  /** The WebSocket subprotocols whose binary frames carry documents, the best first. */
  readonly protocols: readonly string[];
  attach(link: DocumentsLink): DocumentsService<D>;
}
