/** Shared documents, made with Yjs. */

export type { DocumentSnapshot, DocumentStatus, SavedState, SharedDocument } from './document.ts';
export { indexedDb, type OfflineCopy, type OfflineStore } from './offline.ts';
export { type YjsDocumentsOptions, yjsDocuments } from './yjs-documents.ts';
