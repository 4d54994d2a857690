import { type ReactElement, useState } from 'react';
import { wordsFor } from '../api/graphql.ts';
import style from './dialog.module.css';
import { Dialog } from './dialog.tsx';

export interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly initial: string;
  /** What the button says. */
  readonly action: string;
  /** Does it; the dialog stays open and says why when this rejects. */
  readonly onName: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for a name. */
export function NameDialog({
  title,
  label,
  initial,
  action,
  onName,
  onClose,
}: NameDialogProps): ReactElement {
  const [name, setName] = useState(initial);
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function submit(): Promise<void> {
    setBusy(true);
    try {
      await onName(name.trim());
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
        <label className="field">
          {label}
          {/* 200 bytes are what the server takes. */}
          <input
            className="input"
            value={name}
            maxLength={66}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
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
            type="submit"
            className="button"
            data-kind="primary"
            disabled={isBusy || name.trim() === ''}
          >
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
