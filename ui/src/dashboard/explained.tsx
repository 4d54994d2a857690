import { Info } from 'lucide-react';
import { type ReactElement, type ReactNode, useId, useState } from 'react';
import style from './explained.module.css';

export interface ExplainedProps {
  readonly label: string;
  /** What the figure means. */
  readonly meaning: string;
  /** What stands beside the label. */
  readonly children?: ReactNode;
  readonly className?: string | undefined;
}

/** A label that says what it means to whoever points at it, reaches it by keyboard or taps it. */
export function Explained({ label, meaning, children, className = '' }: ExplainedProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const tip = useId();
  return (
    <div className={`${style.anchor} ${className}`}>
      <span className={style.label}>
        {label}
        <button
          type="button"
          className={style.button}
          aria-label={`What does “${label}” mean?`}
          aria-describedby={isOpen ? tip : undefined}
          onPointerEnter={({ pointerType }) => pointerType === 'mouse' && setOpen(true)}
          onPointerLeave={({ pointerType }) => pointerType === 'mouse' && setOpen(false)}
          // A finger does not point: it taps, and taps again.
          onPointerUp={({ pointerType }) => pointerType === 'touch' && setOpen(!isOpen)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
        >
          <Info size={13} aria-hidden="true" />
        </button>
      </span>
      {children}
      {isOpen && (
        <span id={tip} role="tooltip" className={style.tip}>
          {meaning}
        </span>
      )}
    </div>
  );
}
