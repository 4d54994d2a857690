import type { SavedState } from '@collabd/sdk/documents';
import { Redo2, Undo2 } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DocumentInfo } from '../api/projects.ts';
import { IconButton } from '../components/icon-button.tsx';
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
      <IconButton
        icon={Undo2}
        label="Undo what you did"
        hint="Undo (Ctrl+Z)"
        isDisabled={!canUndo}
        onClick={() => edits.history.undo()}
      />
      <IconButton
        icon={Redo2}
        label="Redo what you did"
        hint="Redo (Ctrl+Shift+Z)"
        isDisabled={!canRedo}
        onClick={() => edits.history.redo()}
      />
    </>
  );
}
