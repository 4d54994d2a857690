import { Pencil, Plus, Trash2, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactElement } from 'react';
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
      <button
        type="button"
        className="icon-button"
        aria-label="Rename clip"
        title="Rename (F2)"
        disabled={isReadOnly || !hasSelection}
        onClick={onRename}
      >
        <Pencil size={17} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Delete clip"
        title="Delete (Del)"
        disabled={isReadOnly || !hasSelection}
        onClick={onDelete}
      >
        <Trash2 size={17} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Show more time"
        title="Show more time"
        disabled={!canZoomOut}
        onClick={() => onZoom(-1)}
      >
        <ZoomOut size={17} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Show less time"
        title="Show less time"
        disabled={!canZoomIn}
        onClick={() => onZoom(1)}
      >
        <ZoomIn size={17} aria-hidden="true" />
      </button>
    </div>
  );
}
