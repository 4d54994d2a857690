import { Maximize, Pencil, Plus, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import { IconButton } from '../../components/icon-button.tsx';
import tools from '../toolbar.module.css';

export interface ToolbarProps {
  readonly isReadOnly: boolean;
  readonly selectedCount: number;
  readonly onAdd: () => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
  readonly onFit: () => void;
}

export function Toolbar(props: ToolbarProps): ReactElement {
  const { isReadOnly, selectedCount, onAdd, onRename, onDelete, onFit } = props;
  return (
    <div className={tools.bar} role="toolbar" aria-label="Canvas">
      <button type="button" className={tools.main} disabled={isReadOnly} onClick={onAdd}>
        <Plus size={16} aria-hidden="true" /> Box
      </button>
      <IconButton
        icon={Pencil}
        label="Rename box"
        hint="Rename (F2)"
        isDisabled={isReadOnly || selectedCount !== 1}
        onClick={onRename}
      />
      <IconButton
        icon={Trash2}
        label="Delete what is selected"
        hint="Delete (Del)"
        isDisabled={isReadOnly || selectedCount === 0}
        onClick={onDelete}
      />
      <IconButton icon={Maximize} label="Show everything" onClick={onFit} />
    </div>
  );
}
