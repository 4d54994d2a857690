import { Editor } from '@tiptap/core';
import Collaboration from '@tiptap/extension-collaboration';
import CollaborationCaret from '@tiptap/extension-collaboration-caret';
import StarterKit from '@tiptap/starter-kit';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** Tiptap on a shared document, e.g. `serverUrl = 'ws://localhost:3000/ws/documents/1'`. */
export function tiptap(
  element: Element,
  serverUrl: string,
  document: string,
  user: { name: string; color: string },
): Editor {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(serverUrl, document, doc);
  const shared = [
    Collaboration.configure({ document: doc }),
    CollaborationCaret.configure({ provider, user }),
  ];
  // The document has a history of its own, in which one person's undo leaves the others' edits alone.
  return new Editor({ element, extensions: [StarterKit.configure({ undoRedo: false }), ...shared] });
}
