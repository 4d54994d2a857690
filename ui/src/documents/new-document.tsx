import type { DocumentType } from '@collabd/sdk';
import { type ReactElement, useState } from 'react';
import { useLocation } from 'wouter';
import { wordsFor } from '../api/graphql.ts';
import { KINDS } from '../api/kinds.ts';
import { createDocument } from '../api/projects.ts';
import { addressOf } from '../project/address.ts';
import { KIND_LOOKS } from './kinds.ts';
import style from './new-document.module.css';

export interface NewDocumentProps {
  readonly projectId: number;
  readonly refresh: () => Promise<void>;
  /** Called when the document is there. */
  readonly onDone?: () => void;
}

/** The kinds of documents to choose from. */
export function NewDocumentTiles({ projectId, refresh, onDone }: NewDocumentProps): ReactElement {
  const [name, setName] = useState('');
  const [fault, setFault] = useState<string>();
  const [, navigate] = useLocation();

  async function create(kind: DocumentType): Promise<void> {
    try {
      const document = await createDocument(projectId, name.trim() || `New ${nounOf(kind)}`, kind);
      await refresh();
      navigate(addressOf(projectId, document.id));
      onDone?.();
    } catch (error) {
      setFault(wordsFor(error));
    }
  }

  return (
    <div className={style.form}>
      <label className="field">
        Name
        <input
          className="input"
          value={name}
          maxLength={66}
          placeholder="You can change it later"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <ul className={style.tiles}>
        {KINDS.map((kind) => {
          const { icon: Icon, label, about } = KIND_LOOKS[kind];
          return (
            <li key={kind}>
              <button type="button" className={style.tile} onClick={() => void create(kind)}>
                <Icon className={style.icon} size={22} aria-hidden="true" />
                <span className={style.label}>{label}</span>
                <span className="note">{about}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function nounOf(kind: DocumentType): string {
  return kind === '3d' ? '3D scene' : KIND_LOOKS[kind].label.toLowerCase();
}
