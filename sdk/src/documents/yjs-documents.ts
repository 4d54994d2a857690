import type { DocumentsExtension } from '../extension.ts';
import type { SharedDocument } from './document.ts';
import type { OfflineStore } from './offline.ts';
import { createDocuments } from './service.ts';

/** The subprotocols whose binary frames carry documents beside messages in the compact form, or in JSON's. */
const PROTOCOLS = ['collab.v2.msgpack.documents', 'collab.v2.documents'];

export interface YjsDocumentsOptions {
  /** Keeps a copy on this device, for work without a connection: `indexedDb()`, or a store of your own. */
  readonly offline?: OfflineStore | undefined;
}

/** Shared documents made with Yjs: pass the result to `connect` as `documents`. */
export function yjsDocuments({ offline }: YjsDocumentsOptions = {}): DocumentsExtension<SharedDocument> {
  return { protocols: PROTOCOLS, attach: (link) => createDocuments(link, offline) };
}
