import { Box, Circle, Cone, Cylinder, Move3d, Rotate3d } from 'lucide-react';
import type { ReactElement } from 'react';
import { IconButton } from '../../components/icon-button.tsx';
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
      {FORMS.map((form) => (
        <IconButton
          key={form}
          icon={ICONS[form]}
          label={`Put a ${form}`}
          isDisabled={isReadOnly}
          onClick={() => onAdd(form)}
        />
      ))}
      <span className={tools.gap} />
      <IconButton
        icon={Move3d}
        label="Move"
        isPressed={mode === 'translate'}
        onClick={() => onMode('translate')}
      />
      <IconButton
        icon={Rotate3d}
        label="Rotate"
        isPressed={mode === 'rotate'}
        onClick={() => onMode('rotate')}
      />
    </div>
  );
}
