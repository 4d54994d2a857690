import type { ReactElement } from 'react';
import { FormDialog } from './form-dialog.tsx';

export interface ConfirmDialogProps {
  readonly title: string;
  /** What happens then. */
  readonly text: string;
  /** What the button says. */
  readonly action: string;
  /** Does it; the dialog stays open and says why when this rejects. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is gone for good. */
export function ConfirmDialog({ text, onConfirm, ...form }: ConfirmDialogProps): ReactElement {
  return (
    <FormDialog {...form} kind="danger" isReady={true} onSubmit={onConfirm}>
      <p className="note">{text}</p>
    </FormDialog>
  );
}
