import { type ReactElement, useEffect, useState } from 'react';
import { type Cell, cellName } from './address.ts';
import style from './formula-bar.module.css';

export interface FormulaBarProps {
  readonly cell: Cell;
  /** What was typed into the cell. */
  readonly text: string;
  readonly isReadOnly: boolean;
  readonly onType: (text: string) => void;
}

/** The chosen cell, and what was typed into it: the way to edit where there is no keyboard to begin with. */
export function FormulaBar({ cell, text, isReadOnly, onType }: FormulaBarProps): ReactElement {
  const [typed, setTyped] = useState(text);
  const name = cellName(cell);
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another cell something else is typed
  useEffect(() => setTyped(text), [text, name]);

  return (
    <form
      className={style.bar}
      onSubmit={(event) => {
        event.preventDefault();
        onType(typed);
      }}
    >
      <span className={style.name}>{name}</span>
      <input
        className={style.text}
        aria-label={`Content of ${name}`}
        value={typed}
        readOnly={isReadOnly}
        placeholder="A text, a number, or =SUM(A1:A9)"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => typed !== text && onType(typed)}
      />
    </form>
  );
}
