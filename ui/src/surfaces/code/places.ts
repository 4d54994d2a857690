import type { EditorView } from '@codemirror/view';
import type { Point } from '@collabd/sdk/react';

/** A place in a text, counted from 0, as the protocol tells it. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The offset of a place; of the nearest one when the text is shorter. */
export function offsetOf({ state: { doc } }: EditorView, { line, column }: TextPlace): number {
  const { from, length } = doc.line(Math.min(line + 1, doc.lines));
  return from + Math.min(column, length);
}

/** Where one's own caret is. */
export function ownPlace({ state }: EditorView): TextPlace {
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  return { line: line.number - 1, column: head - line.from };
}

/** Where a place is drawn, in pixels of what scrolls. */
export function pointOf(view: EditorView, place: TextPlace): Point {
  const offset = offsetOf(view, place);
  const { scrollDOM, contentDOM, documentTop } = view;
  const corner = scrollDOM.getBoundingClientRect();
  const left = scrollDOM.scrollLeft - corner.left;
  const top = scrollDOM.scrollTop - corner.top;
  const drawn = view.coordsAtPos(offset);
  // What is far out of view is not drawn; how far down it would be is known all the same.
  return drawn
    ? { x: drawn.left + left, y: drawn.top + top }
    : { x: contentDOM.offsetLeft, y: documentTop + view.lineBlockAt(offset).top + top };
}
