import '@fontsource-variable/jetbrains-mono/wght.css';
import { EditorView, type ViewUpdate } from '@codemirror/view';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { SurfaceProps } from '../../documents/surface.ts';
import { usePlace } from '../../presence/use-place.ts';
import { useFollowedCursor } from '../../project/follow.tsx';
import { Carets } from './carets.tsx';
import style from './code.module.css';
import { createEditor } from './create-editor.ts';
import { offsetOf, ownPlace } from './places.ts';

/** A text. */
export function Code({ documentId, doc, awareness, edits, isReadOnly }: SurfaceProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView>();
  const [version, setVersion] = useState(0);
  const place = usePlace(documentId);
  const followed = useFollowedCursor(documentId, 'code_editor')?.position;

  useEffect(() => {
    // The editor brings its style sheets along. Outside of a shadow root it would put them into the page as elements,
    // which the content security policy forbids.
    const parent = host.current?.shadowRoot ?? host.current?.attachShadow({ mode: 'open' });
    if (!parent) {
      return;
    }
    const onUpdate = (update: ViewUpdate) => {
      if (update.selectionSet || (update.docChanged && update.view.hasFocus) || update.focusChanged) {
        place.point({ type: 'code_editor', ...ownPlace(update.view) });
      }
      if (update.docChanged || update.geometryChanged || update.viewportChanged) {
        setVersion((known) => known + 1);
      }
    };
    const editor = createEditor({ doc, awareness, edits, isReadOnly, parent, onUpdate });
    const scrolled = () => setVersion((known) => known + 1);
    editor.scrollDOM.addEventListener('scroll', scrolled, { passive: true });
    setView(editor);
    return () => {
      setView(undefined);
      editor.destroy();
    };
  }, [doc, awareness, edits, isReadOnly, place]);

  useEffect(() => {
    if (view && followed) {
      view.dispatch({ effects: EditorView.scrollIntoView(offsetOf(view, followed), { y: 'center' }) });
    }
  }, [view, followed]);

  return (
    <div className={style.code}>
      <div ref={host} className={style.host} />
      {view && <Carets documentId={documentId} view={view} version={version} />}
    </div>
  );
}
