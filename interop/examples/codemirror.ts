import { basicSetup, EditorView } from 'codemirror';
import { yCollab } from 'y-codemirror.next';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** CodeMirror 6 on a shared document, e.g. `serverUrl = 'ws://localhost:3000/ws/documents/1'`. */
export function codeMirror(
  parent: Element,
  serverUrl: string,
  document: string,
  user: { name: string; color: string },
): EditorView {
  const text = new Y.Doc().getText('text');
  const provider = new WebsocketProvider(serverUrl, document, text.doc as Y.Doc);
  provider.awareness.setLocalStateField('user', user);
  return new EditorView({ parent, extensions: [basicSetup, yCollab(text, provider.awareness)] });
}
