import type { SavedState } from '@collabd/sdk/documents';
import { Redo2, Undo2 } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DocumentInfo } from '../api/projects.ts';
import style from './document-bar.module.css';
import type { Edits } from './edits.ts';
import { KIND_LOOKS } from './kinds.ts';
import { SavedBadge } from './saved-badge.tsx';
import { useHistory } from './use-edits.ts';

export interface DocumentBarProps {
  readonly document: DocumentInfo;
  readonly saved: SavedState;
  readonly isReadOnly: boolean;
  readonly edits: Edits | undefined;
}

/** What a document is called, whether it is saved, and the way back. */
export function DocumentBar({ document, saved, isReadOnly, edits }: DocumentBarProps): ReactElement {
  const { icon: Icon, label } = KIND_LOOKS[document.kind];
  return (
    <header className={style.bar}>
      <Icon className={style.icon} size={18} role="img" aria-label={label} />
      <h2 className={style.name}>{document.name}</h2>
      <SavedBadge saved={saved} isReadOnly={isReadOnly} />
      <span className={style.space} />
      {edits && <HistoryButtons edits={edits} />}
    </header>
  );
}

function HistoryButtons({ edits }: { readonly edits: Edits }): ReactElement {
  const { canUndo, canRedo } = useHistory(edits);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="Undo what you did"
        title="Undo (Ctrl+Z)"
        disabled={!canUndo}
        onClick={() => edits.history.undo()}
      >
        <Undo2 size={18} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Redo what you did"
        title="Redo (Ctrl+Shift+Z)"
        disabled={!canRedo}
        onClick={() => edits.history.redo()}
      >
        <Redo2 size={18} aria-hidden="true" />
      </button>
    </>
  );
}
