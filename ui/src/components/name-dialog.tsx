import { type ReactElement, useState } from 'react';
import { FormDialog } from './form-dialog.tsx';

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
export function NameDialog({ label, initial, onName, ...form }: NameDialogProps): ReactElement {
  const [name, setName] = useState(initial);
  return (
    <FormDialog {...form} kind="primary" isReady={name.trim() !== ''} onSubmit={() => onName(name.trim())}>
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
    </FormDialog>
  );
}
