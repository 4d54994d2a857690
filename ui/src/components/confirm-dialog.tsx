import { type ReactElement, useState } from 'react';
import { wordsFor } from '../api/graphql.ts';
import style from './dialog.module.css';
import { Dialog } from './dialog.tsx';

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
export function ConfirmDialog({ title, text, action, onConfirm, onClose }: ConfirmDialogProps): ReactElement {
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function confirm(): Promise<void> {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setFault(wordsFor(error));
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <div className={style.form}>
        <p className="note">{text}</p>
        {fault && (
          <p className="fault" role="alert">
            {fault}
          </p>
        )}
        <div className={style.actions}>
          <button type="button" className="button" data-kind="quiet" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button"
            data-kind="danger"
            disabled={isBusy}
            onClick={() => void confirm()}
          >
            {action}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
