import { Annotation, type Extension, type Range } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

/** A selection as editors announce it: places that stay where they are while others type before them. */
interface Announced {
  readonly anchor: Y.RelativePosition;
  readonly head: Y.RelativePosition;
}

/** Says that somebody announced something. */
const announced = Annotation.define<true>();

/**
 * What others have selected, as `y-codemirror.next` and its like announce it, and one's own selection for them. (That
 * package would draw it, too, but with attributes that the page's content security policy forbids.)
 */
export function selections(text: Y.Text, awareness: Awareness): Extension {
  return [
    EditorView.updateListener.of((update) => announce(update, text, awareness)),
    ViewPlugin.define((view) => new Selections(view, text, awareness), {
      decorations: (plugin) => plugin.marks,
    }),
  ];
}

function announce(
  { view, selectionSet, focusChanged }: ViewUpdate,
  text: Y.Text,
  awareness: Awareness,
): void {
  if ((selectionSet || focusChanged) && view.hasFocus) {
    const { anchor, head } = view.state.selection.main;
    const place = (index: number) => Y.createRelativePositionFromTypeIndex(text, index);
    awareness.setLocalStateField('cursor', { anchor: place(anchor), head: place(head) });
  }
}

class Selections {
  marks: DecorationSet;
  readonly #text: Y.Text;
  readonly #awareness: Awareness;
  readonly #changed: (change: unknown, origin: unknown) => void;

  constructor(view: EditorView, text: Y.Text, awareness: Awareness) {
    this.#text = text;
    this.#awareness = awareness;
    this.#changed = (_, origin) => {
      if (origin !== 'local') {
        view.dispatch({ annotations: announced.of(true) });
      }
    };
    awareness.on('change', this.#changed);
    this.marks = this.#marksIn(view);
  }

  update({ view, docChanged, transactions }: ViewUpdate): void {
    if (docChanged || transactions.some((transaction) => transaction.annotation(announced))) {
      this.marks = this.#marksIn(view);
    }
  }

  destroy(): void {
    this.#awareness.off('change', this.#changed);
  }

  #marksIn({ state }: EditorView): DecorationSet {
    const marks: Range<Decoration>[] = [];
    for (const [client, { cursor, user }] of this.#awareness.getStates()) {
      const [from, to] = this.#placesOf(cursor);
      if (
        client !== this.#awareness.clientID &&
        from !== undefined &&
        to !== undefined &&
        to <= state.doc.length
      ) {
        const color = colorOf(user);
        const style = `background-color: color-mix(in srgb, ${color} 26%, transparent)`;
        marks.push(Decoration.mark({ attributes: { style } }).range(from, to));
      }
    }
    return Decoration.set(marks, true);
  }

  /** Where a selection begins and ends; nowhere when it is empty, or no selection in this text. */
  #placesOf(cursor: unknown): readonly number[] {
    const { anchor, head } = (cursor ?? {}) as Partial<Announced>;
    const places = [anchor, head].map((place) => this.#indexOf(place)).sort((a, b) => a - b);
    return places.every((place) => place >= 0) && places[0] !== places[1] ? places : [];
  }

  /** -1 for whatever is no place in this text. */
  #indexOf(place: unknown): number {
    try {
      const relative = Y.createRelativePositionFromJSON(place);
      const found = this.#text.doc && Y.createAbsolutePositionFromRelativePosition(relative, this.#text.doc);
      return found?.type === this.#text ? found.index : -1;
    } catch {
      return -1;
    }
  }
}

/** The colour that an editor announces, if it is one and nothing else. */
function colorOf(user: unknown): string {
  const { color } = (user ?? {}) as { color?: unknown };
  return typeof color === 'string' && /^#[0-9a-f]{3,8}$/i.test(color) ? color : '#888888';
}
