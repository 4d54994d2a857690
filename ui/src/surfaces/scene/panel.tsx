import type { Presence } from '@collabd/sdk';
import { Trash2 } from 'lucide-react';
import { type ReactElement, useEffect, useState } from 'react';
import { IconButton } from '../../components/icon-button.tsx';
import { PersonDot } from '../../presence/person-dot.tsx';
import type { Solid, Vector } from './model.ts';
import { NumberField } from './number-field.tsx';
import style from './panel.module.css';
import type { SceneActions } from './use-scene.ts';

export interface PanelProps {
  readonly solids: readonly Solid[];
  readonly selected: Solid | undefined;
  readonly holders: ReadonlyMap<string, Presence>;
  readonly isReadOnly: boolean;
  readonly actions: SceneActions;
  readonly onSelect: (id: string) => void;
}

/** Everything in the scene by name, and the numbers of what is selected. */
export function Panel({
  solids,
  selected,
  holders,
  isReadOnly,
  actions,
  onSelect,
}: PanelProps): ReactElement {
  return (
    <section className={style.panel} aria-label="Solids">
      {solids.length === 0 && <p className="note">Nothing here yet. Choose a form below to put one.</p>}
      <ul className={style.list}>
        {solids.map((solid) => {
          const holder = holders.get(solid.id);
          return (
            <li key={solid.id}>
              <button
                type="button"
                className={style.entry}
                aria-pressed={solid === selected}
                onClick={() => onSelect(solid.id)}
              >
                <span className={style.color} style={{ background: solid.color }} />
                <span className={style.label}>{solid.label || solid.form}</span>
                {holder && <PersonDot name={holder.userName} color={holder.avatarColor} />}
              </button>
            </li>
          );
        })}
      </ul>
      {selected && <Details key={selected.id} solid={selected} isReadOnly={isReadOnly} actions={actions} />}
    </section>
  );
}

type DetailsProps = Pick<PanelProps, 'isReadOnly' | 'actions'> & { readonly solid: Solid };

function Details({ solid, isReadOnly, actions }: DetailsProps): ReactElement {
  const [label, setLabel] = useState(solid.label);
  useEffect(() => setLabel(solid.label), [solid.label]);
  return (
    <div className={style.details}>
      <div className={style.head}>
        <input
          className="input"
          aria-label="Name"
          value={label}
          maxLength={80}
          readOnly={isReadOnly}
          onChange={(event) => setLabel(event.target.value)}
          onBlur={() => label !== solid.label && actions.set(solid.id, { label })}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        <IconButton
          icon={Trash2}
          label={`Delete ${solid.label}`}
          hint="Delete"
          isDisabled={isReadOnly}
          onClick={() => actions.remove(solid.id)}
        />
      </div>
      <Numbers
        name="Position"
        vector={solid.at}
        step={0.5}
        isReadOnly={isReadOnly}
        onVector={(at) => actions.set(solid.id, { at })}
      />
      <Numbers
        name="Rotation"
        vector={solid.turn}
        step={15}
        isReadOnly={isReadOnly}
        onVector={(turn) => actions.set(solid.id, { turn })}
      />
    </div>
  );
}

interface NumbersProps {
  readonly name: string;
  readonly vector: Vector;
  readonly step: number;
  readonly isReadOnly: boolean;
  readonly onVector: (vector: Vector) => void;
}

function Numbers({ name, vector, step, isReadOnly, onVector }: NumbersProps): ReactElement {
  return (
    <fieldset className={style.numbers}>
      <legend>{name}</legend>
      {(['x', 'y', 'z'] as const).map((axis, index) => (
        <NumberField
          key={axis}
          label={`${name} ${axis}`}
          value={vector[index] ?? 0}
          step={step}
          isReadOnly={isReadOnly}
          onNumber={(value) => onVector(vector.with(index, value) as unknown as Vector)}
        />
      ))}
    </fieldset>
  );
}
