import type { ProjectWithDocuments } from '@collabd/sdk';
import type { SharedDocument } from '@collabd/sdk/documents';
import { type DocumentState, useDocument, useProject } from '@collabd/sdk/react';
import { useEffect } from 'react';
import type { DocumentInfo } from '../api/projects.ts';
import { keepUntilSaved, watchUnsaved } from './unsaved.ts';

/** Goes into a document: others see one there, and what it holds is here while the component is. */
export function useSharedDocument({ id, kind }: DocumentInfo): DocumentState {
  const project = useProject() as ProjectWithDocuments<SharedDocument> | undefined;
  const state = useDocument(id);

  useEffect(() => project?.switchDocument(id, kind), [project, id, kind]);

  useEffect(() => {
    if (!project) {
      return;
    }
    const document = project.document(id);
    const unwatch = watchUnsaved(document);
    return () => {
      unwatch();
      keepUntilSaved(project, id);
      document.close();
    };
  }, [project, id]);

  return state;
}
