import { useConnection, useProject } from '@collabd/sdk/react';
import { type ReactElement, useEffect, useState } from 'react';
import { TokenForm } from '../access/token-form.tsx';
import { Dialog } from '../components/dialog.tsx';
import style from './connection-notice.module.css';
import { wordsForWaiting } from './connection-words.ts';

/** Milliseconds between two looks at the clock. */
const SECOND_MS = 1_000;
/** Tries after which it is said what may be wrong when there never was a connection. */
const MANY_TRIES = 3;

/** Says that the connection is lost and what is done about it, or that the access ends soon. */
export function ConnectionNotice(): ReactElement | null {
  const connection = useConnection();
  const [now, setNow] = useState(Date.now);
  const [wasOnline, setWasOnline] = useState(false);
  const words = wordsForWaiting(connection, now);

  useEffect(() => {
    if (connection.phase === 'online') {
      setWasOnline(true);
    }
    if (connection.phase !== 'waiting') {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, [connection]);

  if (words === undefined) {
    return <ExpiryNotice />;
  }
  const isStuck = !wasOnline && 'tries' in connection && connection.tries >= MANY_TRIES;
  return (
    <p className={style.notice} role="status">
      {words} {wasOnline && 'You can go on working: it is sent once the connection is back.'}
      {isStuck &&
        'Does the server list this page’s address in its setting allowed_origins, and does the proxy pass on WebSockets?'}
    </p>
  );
}

/** The server tells a minute before a token ends. */
function ExpiryNotice(): ReactElement | null {
  const project = useProject();
  const [expiresAt, setExpiresAt] = useState<string>();
  const [isAsking, setAsking] = useState(false);

  useEffect(() => project?.on('token_expiring', (message) => setExpiresAt(message.expiresAt)), [project]);

  if (expiresAt === undefined) {
    return null;
  }
  return (
    <div className={style.notice} role="status">
      Your access ends at {new Date(expiresAt).toLocaleTimeString()}.
      <button type="button" className="button" onClick={() => setAsking(true)}>
        Paste a fresh token
      </button>
      {isAsking && (
        <Dialog title="A fresh token" onClose={() => setAsking(false)}>
          <TokenForm
            action="Go on"
            onToken={() => {
              setAsking(false);
              setExpiresAt(undefined);
            }}
          />
        </Dialog>
      )}
    </div>
  );
}
