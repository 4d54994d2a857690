import { Maximize, Pencil, Plus, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
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
      <button
        type="button"
        className="icon-button"
        aria-label="Rename box"
        title="Rename (F2)"
        disabled={isReadOnly || selectedCount !== 1}
        onClick={onRename}
      >
        <Pencil size={17} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Delete what is selected"
        title="Delete (Del)"
        disabled={isReadOnly || selectedCount === 0}
        onClick={onDelete}
      >
        <Trash2 size={17} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Show everything"
        title="Show everything"
        onClick={onFit}
      >
        <Maximize size={17} aria-hidden="true" />
      </button>
    </div>
  );
}
