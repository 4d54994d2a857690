import { useOthers } from '@collabd/sdk/react';
import { Plus } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { ProjectInfo } from '../api/projects.ts';
import { Dialog } from '../components/dialog.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { whereIs } from '../presence/where.ts';
import section from '../style/section.module.css';
import { DocumentRow } from './document-row.tsx';
import { NewDocumentTiles } from './new-document.tsx';

export interface DocumentListProps {
  readonly project: ProjectInfo;
  readonly documentId: string | undefined;
  readonly refresh: () => Promise<void>;
}

/** The documents of a project, and who is in which. */
export function DocumentList({ project, documentId, refresh }: DocumentListProps): ReactElement {
  const [isAdding, setAdding] = useState(false);
  const others = useOthers();

  return (
    <nav className={section.section} aria-labelledby="documents">
      <div className={section.head}>
        <h2 id="documents" className={section.title}>
          Documents
        </h2>
        <IconButton icon={Plus} label="New document" onClick={() => setAdding(true)} />
      </div>
      <ul>
        {project.documents.map((document) => (
          <DocumentRow
            key={document.id}
            projectId={project.id}
            document={document}
            isCurrent={document.id === documentId}
            visitors={others.filter((user) => whereIs(user) === document.id)}
            refresh={refresh}
          />
        ))}
      </ul>
      {isAdding && (
        <Dialog title="New document" onClose={() => setAdding(false)}>
          <NewDocumentTiles projectId={project.id} refresh={refresh} onDone={() => setAdding(false)} />
        </Dialog>
      )}
    </nav>
  );
}
