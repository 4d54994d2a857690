import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  type ViewUpdate,
} from '@codemirror/view';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import type { SurfaceProps } from '../../documents/surface.ts';
import { look } from './look.ts';
import { selections } from './selections.ts';

export interface EditorOptions extends Omit<SurfaceProps, 'documentId'> {
  readonly parent: ShadowRoot;
  readonly onUpdate: (update: ViewUpdate) => void;
}

/** An editor of the document's text. Its style sheets are adopted by the shadow root that it is in. */
export function createEditor({
  doc,
  awareness,
  edits,
  isReadOnly,
  parent,
  onUpdate,
}: EditorOptions): EditorView {
  const text = doc.getText('content');
  return new EditorView({
    parent,
    root: parent,
    state: EditorState.create({
      doc: text.toString(),
      extensions: [
        // Or a carriage return of somebody else's would count as nothing here, and as a character there.
        EditorState.lineSeparator.of('\n'),
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of({ 'aria-label': 'Text', tabindex: '0' }),
        EditorView.lineWrapping,
        EditorView.updateListener.of(onUpdate),
        lineNumbers(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        placeholder('Type something. Others see it as you do.'),
        javascript({ typescript: true, jsx: true }),
        keymap.of([...closeBracketsKeymap, ...yUndoManagerKeymap, ...defaultKeymap]),
        yCollab(text, null, { undoManager: edits.history }),
        selections(text, awareness),
        look,
      ],
    }),
  });
}
