import type { ReactElement } from 'react';
import type { ProjectInfo } from '../api/projects.ts';
import { DocumentList } from '../documents/document-list.tsx';
import { PeopleList } from '../presence/people-list.tsx';
import style from './sidebar.module.css';

export interface SidebarProps {
  readonly project: ProjectInfo;
  readonly documentId: string | undefined;
  /** Is it shown where it covers the document? */
  readonly isOpen: boolean;
  readonly refresh: () => Promise<void>;
}

/** What there is in the project, and who. */
export function Sidebar({ project, documentId, isOpen, refresh }: SidebarProps): ReactElement {
  return (
    <aside className={style.sidebar} data-open={isOpen}>
      <DocumentList project={project} documentId={documentId} refresh={refresh} />
      <PeopleList documents={project.documents} />
    </aside>
  );
}
