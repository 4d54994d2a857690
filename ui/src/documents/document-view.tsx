import { useOthers } from '@collabd/sdk/react';
import { type ReactElement, Suspense } from 'react';
import type { DocumentInfo } from '../api/projects.ts';
import { Boundary } from '../components/boundary.tsx';
import { Loading } from '../components/loading.tsx';
import { Message } from '../components/message.tsx';
import { useFollow } from '../project/follow.tsx';
import { DocumentBar } from './document-bar.tsx';
import style from './document-view.module.css';
import { FollowFrame } from './follow-frame.tsx';
import { SURFACES } from './surface.ts';
import { useEdits } from './use-edits.ts';
import { useSharedDocument } from './use-shared-document.ts';
import { useUndoKeys } from './use-undo-keys.ts';

/** Milliseconds without a key after which what is typed next is another change. */
const TYPING_MS = 500;

/** A document: how it is, and the surface that shows what it holds. */
export function DocumentView({ document }: { readonly document: DocumentInfo }): ReactElement {
  const shared = useSharedDocument(document);
  const edits = useEdits(shared.doc, document.kind === 'code_editor' ? TYPING_MS : undefined);
  const { userId } = useFollow();
  const followed = useOthers().find((user) => user.userId === userId);
  const Surface = SURFACES[document.kind];
  useUndoKeys(document.kind === 'code_editor' ? undefined : edits);

  const { doc, awareness, status, end, readOnly } = shared;
  if (status === 'closed' && end) {
    return <Closed name={document.name} />;
  }
  const isShown = doc && awareness && edits && status !== 'loading';
  return (
    <section className={style.view} aria-label={document.name} data-document={document.id}>
      <DocumentBar document={document} saved={shared.saved} isReadOnly={readOnly} edits={edits} />
      <div className={style.surface} data-testid="surface">
        {isShown ? (
          <Boundary>
            <Suspense fallback={<Loading label={`Opening ${document.name}`} />}>
              <Surface
                documentId={document.id}
                doc={doc}
                awareness={awareness}
                edits={edits}
                isReadOnly={readOnly}
              />
            </Suspense>
          </Boundary>
        ) : (
          <Loading label={`Opening ${document.name}`} />
        )}
        {followed && <FollowFrame user={followed} />}
      </div>
    </section>
  );
}

function Closed({ name }: { readonly name: string }): ReactElement {
  return (
    <Message title={`“${name}” was closed`} isAlert>
      <p className="note">Somebody deleted it, or the server cannot keep it open. Choose another document.</p>
    </Message>
  );
}
