import type { DocumentsExtension } from '../extension.ts';
import type { SharedDocument } from './document.ts';
import type { OfflineStore } from './offline.ts';
import { createDocuments } from './service.ts';

/** The subprotocol whose text frames are those of `collab.v2.batch`, and whose binary frames carry documents. */
const PROTOCOL = 'collab.v2.documents';

export interface YjsDocumentsOptions {
  /** Keeps a copy on this device, for work without a connection: `indexedDb()`, or a store of your own. */
  readonly offline?: OfflineStore | undefined;
}

/** Shared documents made with Yjs: pass the result to `connect` as `documents`. */
export function yjsDocuments({ offline }: YjsDocumentsOptions = {}): DocumentsExtension<SharedDocument> {
  return { protocol: PROTOCOL, attach: (link) => createDocuments(link, offline) };
}
