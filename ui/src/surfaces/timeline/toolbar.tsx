import { Pencil, Plus, Trash2, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactElement } from 'react';
import { IconButton } from '../../components/icon-button.tsx';
import tools from '../toolbar.module.css';

export interface ToolbarProps {
  readonly isReadOnly: boolean;
  readonly hasSelection: boolean;
  readonly canZoomIn: boolean;
  readonly canZoomOut: boolean;
  readonly onAdd: () => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
  readonly onZoom: (by: 1 | -1) => void;
}

export function Toolbar(props: ToolbarProps): ReactElement {
  const { isReadOnly, hasSelection, canZoomIn, canZoomOut, onAdd, onRename, onDelete, onZoom } = props;
  return (
    <div className={tools.bar} role="toolbar" aria-label="Timeline">
      <button type="button" className={tools.main} disabled={isReadOnly} onClick={onAdd}>
        <Plus size={16} aria-hidden="true" /> Clip
      </button>
      <IconButton
        icon={Pencil}
        label="Rename clip"
        hint="Rename (F2)"
        isDisabled={isReadOnly || !hasSelection}
        onClick={onRename}
      />
      <IconButton
        icon={Trash2}
        label="Delete clip"
        hint="Delete (Del)"
        isDisabled={isReadOnly || !hasSelection}
        onClick={onDelete}
      />
      <IconButton icon={ZoomOut} label="Show more time" isDisabled={!canZoomOut} onClick={() => onZoom(-1)} />
      <IconButton icon={ZoomIn} label="Show less time" isDisabled={!canZoomIn} onClick={() => onZoom(1)} />
    </div>
  );
}
