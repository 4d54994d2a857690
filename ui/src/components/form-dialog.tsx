import { type ReactElement, type ReactNode, useState } from 'react';
import { wordsFor } from '../api/graphql.ts';
import style from './dialog.module.css';
import { Dialog } from './dialog.tsx';

export interface FormDialogProps {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly kind: 'primary' | 'danger';
  /** Can it be done as it is? */
  readonly isReady: boolean;
  /** Does it; the dialog stays open and says why when this rejects. */
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks for something that the server does then. */
export function FormDialog(props: FormDialogProps): ReactElement {
  const { title, action, kind, isReady, onSubmit, onClose, children } = props;
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function submit(): Promise<void> {
    setBusy(true);
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setFault(wordsFor(error));
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {fault && (
          <p className="fault" role="alert">
            {fault}
          </p>
        )}
        <div className={style.actions}>
          <button type="button" className="button" data-kind="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button" data-kind={kind} disabled={isBusy || !isReady}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
