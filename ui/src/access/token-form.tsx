import { type ReactElement, useState } from 'react';
import { claimsOf, token } from './token.ts';
import style from './token-form.module.css';

export interface TokenFormProps {
  /** What the button says. */
  readonly action: string;
  /** Called when a token was entered that can be one. */
  readonly onToken?: ((token: string) => void) | undefined;
}

/** Takes a token by hand. It stays in this tab. */
export function TokenForm({ action, onToken }: TokenFormProps): ReactElement {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string>();

  function submit(): void {
    const entered = text.trim();
    const claims = claimsOf(entered);
    if (!claims) {
      setFault('This is no token. A token has three parts with dots between them.');
    } else if (claims.expiresAt !== undefined && claims.expiresAt < Date.now()) {
      setFault('This token has expired. Ask whoever gave it to you for a fresh one.');
    } else {
      token.set(entered);
      onToken?.(entered);
    }
  }

  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label className="field">
        Access token
        <input
          className={`input ${style.token}`}
          type="password"
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" className="button" data-kind="primary" disabled={text.trim() === ''}>
        {action}
      </button>
    </form>
  );
}
