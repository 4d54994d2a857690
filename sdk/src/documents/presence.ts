import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { User } from '../options.ts';

/** Who edits where in one document. */
export interface EditorPresence {
  readonly awareness: Awareness;
  /** The update that announces this editor, or undefined while it has nothing to say. */
  announcement(): Uint8Array | undefined;
  /** The server relays what editors announce, this one included. */
  received(update: Uint8Array): void;
  /** Shows the editor under the user's id, name and colour. */
  identify(user: User): void;
  /** Nobody else is known any more. */
  forgetOthers(): void;
  /** From now on the announcement is that this editor has gone. */
  leave(): void;
}

/** `changed` is called whenever this editor has something new to announce. */
export function createEditorPresence(doc: Y.Doc, changed: () => void): EditorPresence {
  const awareness = new Awareness(doc);
  const own = awareness.clientID;

  awareness.on('update', (changes: Record<'added' | 'updated' | 'removed', number[]>) => {
    // Including the answer to a server that has forgotten this editor: it is announced anew, by a higher clock.
    if ([...changes.added, ...changes.updated, ...changes.removed].includes(own)) {
      changed();
    }
  });

  return {
    awareness,
    announcement: () => (awareness.meta.has(own) ? encodeAwarenessUpdate(awareness, [own]) : undefined),
    received: (update) => applyAwarenessUpdate(awareness, update, 'server'),
    identify({ id, name, color }) {
      const known = awareness.getLocalState()?.user as
        | { id?: string; name?: string; color?: string }
        | undefined;
      if (known?.id !== id || known.name !== name || known.color !== color) {
        awareness.setLocalStateField('user', { ...known, id, name, ...(color !== undefined && { color }) });
      }
    },
    forgetOthers() {
      const others = [...awareness.getStates().keys()].filter((client) => client !== own);
      removeAwarenessStates(awareness, others, 'offline');
      for (const client of others) {
        // Or their states would be taken for old ones when they are told again.
        awareness.meta.delete(client);
      }
    },
    leave: () => awareness.setLocalState(null),
  };
}
