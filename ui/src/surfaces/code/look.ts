import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The page's custom properties reach into the editor; its classes do not. */
const theme = EditorView.theme({
  '&': { height: '100%', background: 'var(--surface)', color: 'var(--ink)', fontSize: '14px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '12px 0', caretColor: 'var(--you)' },
  '.cm-line': { padding: '0 16px 0 8px' },
  '.cm-cursor': { borderLeft: '2px solid var(--you)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--you) 24%, transparent)',
  },
  '.cm-gutters': {
    background: 'var(--surface)',
    color: 'var(--ink-soft)',
    border: 'none',
    paddingLeft: '6px',
  },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'color-mix(in srgb, var(--ink) 4%, transparent)' },
  '.cm-placeholder': { color: 'var(--ink-soft)' },
});

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], color: 'light-dark(#8b2a5b, #f29bc4)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'light-dark(#25704a, #8fd6aa)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#8a5a00, #f0c060)' },
  { tag: [tags.comment], color: 'light-dark(#6a685e, #9a998f)', fontStyle: 'italic' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'light-dark(#2f4fc0, #a9bdff)',
  },
  { tag: [tags.typeName, tags.className], color: 'light-dark(#0a6a80, #7fd3e6)' },
]);

/** How the editor looks, in both themes. */
export const look: Extension = [theme, syntaxHighlighting(highlight)];
