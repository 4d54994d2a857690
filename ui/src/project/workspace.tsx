import { useConnection, useProject } from '@collabd/sdk/react';
import { type ReactElement, useEffect, useState } from 'react';
import { Redirect } from 'wouter';
import type { ProjectInfo } from '../api/projects.ts';
import { Message } from '../components/message.tsx';
import { DocumentView } from '../documents/document-view.tsx';
import { NewDocumentTiles } from '../documents/new-document.tsx';
import { addressOf } from './address.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { HaltDialog } from './halt-dialog.tsx';
import { Sidebar } from './sidebar.tsx';
import { TopBar } from './top-bar.tsx';
import { useFollowing } from './use-following.ts';
import style from './workspace.module.css';

export interface WorkspaceProps {
  readonly project: ProjectInfo;
  readonly documentId: string | undefined;
  /** The list of documents is another one. */
  readonly refresh: () => Promise<void>;
}

/** A project that one is in. */
export function Workspace({ project, documentId, refresh }: WorkspaceProps): ReactElement {
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const phase = useConnection().phase;
  const joined = useProject();
  useFollowing(project.id, documentId);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what closes the drawer
  useEffect(() => setDrawerOpen(false), [documentId]);
  // Whoever opens a document that this list does not have yet has made it.
  useEffect(
    () =>
      joined?.on('document_activity', ({ data }) => {
        if (!project.documents.some(({ id }) => id === data.documentId)) {
          void refresh();
        }
      }),
    [joined, project, refresh],
  );

  return (
    <div className={style.workspace} data-connection={phase}>
      <title>{`${project.name} · collabd`}</title>
      <TopBar
        project={project}
        isDrawerOpen={isDrawerOpen}
        toggleDrawer={() => setDrawerOpen(!isDrawerOpen)}
      />
      <ConnectionNotice />
      <div className={style.body}>
        <Sidebar project={project} documentId={documentId} isOpen={isDrawerOpen} refresh={refresh} />
        {isDrawerOpen && (
          <button
            type="button"
            className={style.veil}
            aria-label="Close the list"
            onClick={() => setDrawerOpen(false)}
          />
        )}
        <main className={style.main}>
          <Main project={project} documentId={documentId} refresh={refresh} />
        </main>
      </div>
      <HaltDialog />
    </div>
  );
}

function Main({ project, documentId, refresh }: WorkspaceProps): ReactElement {
  const [first] = project.documents;
  if (documentId === undefined && first) {
    return <Redirect to={addressOf(project.id, first.id)} replace />;
  }
  if (documentId === undefined) {
    return (
      <Message title="Make the first document">
        <NewDocumentTiles projectId={project.id} refresh={refresh} />
      </Message>
    );
  }
  const document = project.documents.find(({ id }) => id === documentId);
  if (!document) {
    return (
      <Message title="There is no such document">
        <p className="note">
          It was deleted, or the address has a mistake in it. Choose another one from the list.
        </p>
      </Message>
    );
  }
  return <DocumentView key={document.id} document={document} />;
}
