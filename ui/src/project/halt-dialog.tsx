import { useConnection, useProject } from '@collabd/sdk/react';
import { type ReactElement, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { TokenForm } from '../access/token-form.tsx';
import { Dialog } from '../components/dialog.tsx';
import { type Halt, haltOf } from './connection-words.ts';
import style from './halt-dialog.module.css';

/** Says why the session has ended for good, and what one can do. What was edited here stays meanwhile. */
export function HaltDialog(): ReactElement | null {
  const project = useProject();
  const connection = useConnection();
  const [halt, setHalt] = useState<Halt>();
  const [, navigate] = useLocation();

  useEffect(() => {
    const found = haltOf(connection);
    if (found) {
      setHalt(found);
    }
    if (connection.phase === 'online') {
      setHalt(undefined);
    }
  }, [connection]);

  if (!halt) {
    return null;
  }

  function comeBack(): void {
    setHalt(undefined);
    project?.join();
  }

  function comeBackWith(token: string): void {
    void project?.refreshToken(token);
    comeBack();
  }

  return (
    <Dialog title={halt.title}>
      <div className={style.halt}>
        <p className="note">{halt.text}</p>
        {halt.remedy === 'token' && <TokenForm action="Come back" onToken={comeBackWith} />}
        {halt.remedy === 'retry' && (
          <button type="button" className="button" data-kind="primary" onClick={comeBack}>
            Come back
          </button>
        )}
        <button type="button" className="button" data-kind="quiet" onClick={() => navigate('/')}>
          All projects
        </button>
      </div>
    </Dialog>
  );
}
