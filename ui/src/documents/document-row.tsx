import type { Presence } from '@collabd/sdk';
import { type ReactElement, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { type DocumentInfo, deleteDocument, renameDocument } from '../api/projects.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Menu } from '../components/menu.tsx';
import { NameDialog } from '../components/name-dialog.tsx';
import { PersonDot } from '../presence/person-dot.tsx';
import { addressOf } from '../project/address.ts';
import style from './document-row.module.css';
import { KIND_LOOKS } from './kinds.ts';

export interface DocumentRowProps {
  readonly projectId: number;
  readonly document: DocumentInfo;
  readonly isCurrent: boolean;
  /** The others who look at it. */
  readonly visitors: readonly Presence[];
  readonly refresh: () => Promise<void>;
}

/** Dots to show at most; who else is there, the list of people says. */
const MAX_DOTS = 4;

export function DocumentRow(props: DocumentRowProps): ReactElement {
  const { projectId, document, isCurrent, visitors, refresh } = props;
  const [asked, setAsked] = useState<'rename' | 'delete'>();
  const [, navigate] = useLocation();
  const { icon: Icon, label } = KIND_LOOKS[document.kind];
  const close = () => setAsked(undefined);

  return (
    <li className={style.row} data-current={isCurrent}>
      <Link
        href={addressOf(projectId, document.id)}
        className={style.link}
        aria-current={isCurrent ? 'page' : undefined}
      >
        <Icon className={style.icon} size={17} role="img" aria-label={label} />
        <span className={style.name}>{document.name}</span>
        {visitors.slice(0, MAX_DOTS).map((user) => (
          <PersonDot key={user.userId} name={user.userName} color={user.avatarColor} />
        ))}
      </Link>
      <Menu
        label={`Actions for ${document.name}`}
        items={[
          { label: 'Rename', onSelect: () => setAsked('rename') },
          { label: 'Delete', isDangerous: true, onSelect: () => setAsked('delete') },
        ]}
      />
      {asked === 'rename' && (
        <NameDialog
          title="Rename document"
          label="Name"
          initial={document.name}
          action="Rename"
          onName={async (name) => {
            await renameDocument(projectId, document.id, name);
            await refresh();
          }}
          onClose={close}
        />
      )}
      {asked === 'delete' && (
        <ConfirmDialog
          title={`Delete “${document.name}”?`}
          text="All it holds is deleted for everybody, and it is closed for whoever has it open."
          action="Delete document"
          onConfirm={async () => {
            await deleteDocument(projectId, document.id);
            if (isCurrent) {
              navigate(`/projects/${projectId}`);
            }
            await refresh();
          }}
          onClose={close}
        />
      )}
    </li>
  );
}
