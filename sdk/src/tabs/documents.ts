import { createSharedDocument, type SharedDocument } from './document.ts';
import { decodeDocumentFrame } from './document-frames.ts';
import type { TabId } from './messages.ts';

/** The documents of several tabs on one socket. */
export interface SharedDocuments {
  /** A tab sends a binary frame. */
  sent(id: TabId, frame: Uint8Array<ArrayBuffer>): void;
  /** A binary frame arrived from the server. */
  received(frame: Uint8Array<ArrayBuffer>): void;
  gone(id: TabId): void;
}

/** `send` brings a frame to the server, `relay` one to tabs. */
export function createSharedDocuments(
  send: (frame: Uint8Array<ArrayBuffer>) => void,
  relay: (to: readonly TabId[], frame: Uint8Array<ArrayBuffer>) => void,
): SharedDocuments {
  const documents = new Map<string, SharedDocument>();

  function documentOf(id: string): SharedDocument {
    const known = documents.get(id) ?? createSharedDocument(id, send, relay);
    documents.set(id, known);
    return known;
  }

  function letGo(id: string): void {
    if (documents.get(id)?.isClosed()) {
      documents.delete(id);
    }
  }

  return {
    sent(tab, frame) {
      const { id, message } = decodeDocumentFrame(frame);
      documentOf(id).sent(tab, message, frame);
      letGo(id);
    },
    received(frame) {
      const { id, message } = decodeDocumentFrame(frame);
      documents.get(id)?.received(message, frame);
      letGo(id);
    },
    gone(tab) {
      for (const [id, document] of documents) {
        document.gone(tab);
        letGo(id);
      }
    },
  };
}
