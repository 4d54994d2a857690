import type { Presence } from '@collabd/sdk';
import { Handle, type NodeProps, Position, useStore } from '@xyflow/react';
import { createContext, type ReactElement, useContext, useEffect, useRef } from 'react';
import { NameFlag } from '../../presence/pointer-mark.tsx';
import style from './box-node.module.css';
import type { BoxNode } from './use-flow-nodes.ts';

/** What boxes need of the canvas that they are on. */
export interface BoxContext {
  readonly holders: ReadonlyMap<string, Presence>;
  readonly isReadOnly: boolean;
  /** The box whose label is being typed. */
  readonly renaming: string | undefined;
  rename(id: string | undefined): void;
  setLabel(id: string, label: string): void;
}

export const BoxCanvas = createContext<BoxContext | undefined>(undefined);

export function BoxNodeView({ id, data, selected }: NodeProps<BoxNode>): ReactElement {
  const canvas = useContext(BoxCanvas);
  const holder = canvas?.holders.get(id);
  const isRenaming = canvas?.renaming === id;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the library makes the node operable; F2 and the toolbar rename
    <div
      className={style.box}
      data-selected={selected}
      style={holder && !selected ? { outline: `2px solid ${holder.avatarColor}` } : undefined}
      data-holder={holder?.userId}
      onDoubleClick={() => canvas?.isReadOnly || canvas?.rename(id)}
    >
      <Handle type="target" position={Position.Left} />
      {isRenaming && canvas ? <LabelField id={id} label={data.label} canvas={canvas} /> : data.label || ' '}
      <Handle type="source" position={Position.Right} />
      {holder && <NameFlag className={style.holder} name={holder.userName} color={holder.avatarColor} />}
    </div>
  );
}

function LabelField({
  id,
  label,
  canvas,
}: {
  readonly id: string;
  readonly label: string;
  readonly canvas: BoxContext;
}): ReactElement {
  const field = useRef<HTMLInputElement>(null);
  // A new box is hidden until the library has measured it, and what is hidden takes no focus.
  const isMeasured = useStore(({ nodeLookup }) => nodeLookup.get(id)?.measured.width !== undefined);
  useEffect(() => {
    if (isMeasured) {
      field.current?.focus();
      field.current?.select();
    }
  }, [isMeasured]);

  return (
    <input
      ref={field}
      className={`nodrag ${style.field}`}
      defaultValue={label}
      aria-label="Label"
      maxLength={80}
      onBlur={(event) => {
        canvas.setLabel(id, event.target.value);
        canvas.rename(undefined);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') {
          event.currentTarget.blur();
        } else if (event.key === 'Escape') {
          event.currentTarget.value = label;
          event.currentTarget.blur();
        }
      }}
    />
  );
}
