import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { serverUrl, user } from './query.ts';

const doc = new Y.Doc();
const provider = new WebsocketProvider(serverUrl, 'plan', doc);
provider.awareness.setLocalStateField('user', user);

let closes = 0;
provider.on('connection-close', () => {
  closes += 1;
});

/** For the test, which speaks to the page over it. */
const peer = {
  get isSynced() {
    return provider.synced;
  },
  get closes() {
    return closes;
  },
  get names() {
    return [...provider.awareness.getStates().values()].map((state) => state.user?.name as string).sort();
  },
  get text() {
    return doc.getText('text').toString();
  },
  append(text: string) {
    doc.getText('text').insert(doc.getText('text').length, text);
  },
  set(key: string, value: unknown) {
    doc.getMap('map').set(key, value);
    doc.getArray('array').push([value]);
  },
  /** The whole document, for comparison with another. */
  get state() {
    return [...Y.encodeStateAsUpdate(doc)];
  },
};

declare global {
  interface Window {
    peer: typeof peer;
  }
}
window.peer = peer;
