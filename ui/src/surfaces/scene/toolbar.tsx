import { Box, Circle, Cone, Cylinder, Move3d, Rotate3d } from 'lucide-react';
import type { ReactElement } from 'react';
import tools from '../toolbar.module.css';
import { FORMS, type Form } from './model.ts';
import type { Mode } from './mover.tsx';

const ICONS = { box: Box, ball: Circle, cone: Cone, cylinder: Cylinder };

export interface ToolbarProps {
  readonly mode: Mode;
  readonly isReadOnly: boolean;
  readonly onMode: (mode: Mode) => void;
  readonly onAdd: (form: Form) => void;
}

export function Toolbar({ mode, isReadOnly, onMode, onAdd }: ToolbarProps): ReactElement {
  return (
    <div className={tools.bar} role="toolbar" aria-label="Scene">
      {FORMS.map((form) => {
        const Icon = ICONS[form];
        return (
          <button
            key={form}
            type="button"
            className="icon-button"
            aria-label={`Put a ${form}`}
            title={`Put a ${form}`}
            disabled={isReadOnly}
            onClick={() => onAdd(form)}
          >
            <Icon size={18} aria-hidden="true" />
          </button>
        );
      })}
      <span className={tools.gap} />
      <button
        type="button"
        className="icon-button"
        aria-label="Move"
        title="Move"
        aria-pressed={mode === 'translate'}
        onClick={() => onMode('translate')}
      >
        <Move3d size={18} aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Rotate"
        title="Rotate"
        aria-pressed={mode === 'rotate'}
        onClick={() => onMode('rotate')}
      >
        <Rotate3d size={18} aria-hidden="true" />
      </button>
    </div>
  );
}
