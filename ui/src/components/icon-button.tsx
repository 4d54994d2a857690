import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';

export interface IconButtonProps {
  readonly icon: LucideIcon;
  /** What it does, for those who do not see the icon. */
  readonly label: string;
  /** What the pointer is told; the label without it. */
  readonly hint?: string | undefined;
  /** Of a choice: is it the one that is made? */
  readonly isPressed?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly onClick: () => void;
}

/** A button that shows what it does by an icon alone. */
export function IconButton(props: IconButtonProps): ReactElement {
  const { icon: Icon, label, hint = label, isPressed, isDisabled = false, onClick } = props;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={hint}
      aria-pressed={isPressed}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}
