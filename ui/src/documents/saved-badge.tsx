import type { SavedState } from '@collabd/sdk/documents';
import { Check, CloudOff, Lock, RefreshCw } from 'lucide-react';
import type { ReactElement } from 'react';
import style from './saved-badge.module.css';

const LOOKS = {
  saved: { icon: Check, label: 'Saved', title: 'All you did here is on the server’s disk' },
  saving: { icon: RefreshCw, label: 'Saving…', title: 'What you did is on its way to the server’s disk' },
  offline: { icon: CloudOff, label: 'Not saved yet', title: 'It is saved as soon as the connection is back' },
  refused: { icon: Lock, label: 'Not saved', title: 'You may only read this document' },
  readOnly: { icon: Lock, label: 'Read only', title: 'You may only read this document' },
} as const;

export interface SavedBadgeProps {
  readonly saved: SavedState;
  readonly isReadOnly: boolean;
}

/** Whether what one did is on disk: the server's word, not a guess. */
export function SavedBadge({ saved, isReadOnly }: SavedBadgeProps): ReactElement {
  const { icon: Icon, label, title } = LOOKS[isReadOnly && saved === 'saved' ? 'readOnly' : saved];
  return (
    <span className={style.badge} data-saved={saved} title={title} data-testid="saved">
      <Icon size={14} aria-hidden="true" />
      {label}
    </span>
  );
}
