import { type ReactElement, useId, useState } from 'react';
import { PointerMark } from '../presence/pointer-mark.tsx';
import { useStored } from '../stored.ts';
import { COLORS } from './colors.ts';
import { identity, nameOf } from './identity.ts';
import style from './identity-form.module.css';

export interface IdentityFormProps {
  /** What the button says that makes the name count; without a button it counts as it is typed. */
  readonly action?: string;
}

/** How others see one: a name and a colour. */
export function IdentityForm({ action }: IdentityFormProps): ReactElement {
  const me = useStored(identity);
  const [typed, setTyped] = useState(me.name);
  const colorsId = useId();
  const name = nameOf(typed);

  function take(chosen: string | undefined): void {
    if (chosen !== undefined) {
      identity.set({ ...identity.get(), name: chosen });
    }
  }

  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault();
        take(name);
      }}
    >
      <div className={style.preview} aria-hidden="true">
        <div className={style.pointer}>
          <PointerMark name={name ?? 'You'} color={me.color} />
        </div>
      </div>
      <label className="field">
        Your name
        <input
          className="input"
          value={typed}
          placeholder="What others call you"
          autoComplete="nickname"
          maxLength={64}
          onChange={(event) => {
            setTyped(event.target.value);
            if (!action) {
              take(nameOf(event.target.value));
            }
          }}
        />
      </label>
      <fieldset className={style.colors} aria-labelledby={colorsId}>
        <span id={colorsId} className={style.legend}>
          Your colour
        </span>
        <div className={style.swatches}>
          {COLORS.map(({ name: colorName, value }) => (
            <label key={value} className={style.swatch} title={colorName} style={{ color: value }}>
              <input
                type="radio"
                name="color"
                aria-label={colorName}
                checked={me.color === value}
                onChange={() => identity.set({ ...identity.get(), color: value })}
              />
            </label>
          ))}
        </div>
      </fieldset>
      {action && (
        <button type="submit" className="button" data-kind="primary" disabled={name === undefined}>
          {action}
        </button>
      )}
    </form>
  );
}
