import type { ConnectionState } from '@collabd/sdk';
import { useConnection } from '@collabd/sdk/react';
import type { ReactElement } from 'react';
import style from './connection-badge.module.css';

const LABELS: Readonly<Record<ConnectionState['phase'], string>> = {
  connecting: 'Connecting',
  online: 'Live',
  waiting: 'Reconnecting',
  stopped: 'Not connected',
  left: 'Not connected',
  closed: 'Not connected',
};

/** How the connection is, in a word. */
export function ConnectionBadge(): ReactElement {
  const { phase } = useConnection();
  return (
    <span className={style.badge} data-phase={phase} role="status" title={LABELS[phase]}>
      <span className={style.lamp} aria-hidden="true" />
      <span className={style.label}>{LABELS[phase]}</span>
    </span>
  );
}
