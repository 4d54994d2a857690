import { type ReactElement, useEffect, useState } from 'react';
import style from './panel.module.css';

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  /** What the arrow keys change it by. */
  readonly step: number;
  readonly isReadOnly: boolean;
  readonly onNumber: (value: number) => void;
}

/** A number that counts when one has finished typing it. */
export function NumberField({ label, value, step, isReadOnly, onNumber }: NumberFieldProps): ReactElement {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);

  function take(text: string): void {
    const next = Number(text);
    if (text.trim() === '' || !Number.isFinite(next)) {
      setTyped(String(value));
    } else if (next !== value) {
      onNumber(next);
    }
  }

  return (
    <label className={style.number}>
      <span>{label.slice(-1)}</span>
      <input
        aria-label={label}
        type="number"
        step={step}
        value={typed}
        readOnly={isReadOnly}
        onChange={(event) => {
          setTyped(event.target.value);
          // The arrows of the field change it without a key to end with.
          if ((event.nativeEvent as InputEvent).inputType === undefined) {
            take(event.target.value);
          }
        }}
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && take(event.currentTarget.value)}
      />
    </label>
  );
}
