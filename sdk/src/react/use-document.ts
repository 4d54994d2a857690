import { useEffect, useState, useSyncExternalStore } from 'react';
import type { DocumentSnapshot, SharedDocument } from '../documents/document.ts';
import type { Project, ProjectWithDocuments } from '../project.ts';
import { useProject } from './use-project.ts';

/** How a document is, and once it is open, what it holds. */
export interface DocumentState extends DocumentSnapshot {
  readonly doc: SharedDocument['doc'] | undefined;
  readonly awareness: SharedDocument['awareness'] | undefined;
}

const UNOPENED: DocumentSnapshot = { status: 'loading', saved: 'saved', readOnly: false, end: undefined };

const nothingToSubscribe = (): (() => void) => () => {};

/**
 * The shared document `id`, open while the component is there.
 *
 * @throws Error when the provider was given no `documents`.
 */
export function useDocument(id: string): DocumentState {
  const project = useProject();
  const [opened, setOpened] = useState<SharedDocument>();
  if (project && !hasDocuments(project)) {
    throw new Error('useDocument needs documents: <CollabProvider documents={yjsDocuments()} ...>');
  }

  useEffect(() => {
    const document = project?.document(id);
    setOpened(document);
    return () => document?.close();
  }, [project, id]);

  const document = opened?.id === id ? opened : undefined;
  const snapshot = useSyncExternalStore(
    document?.subscribe ?? nothingToSubscribe,
    document?.getSnapshot ?? (() => UNOPENED),
    () => UNOPENED,
  );
  return { ...snapshot, doc: document?.doc, awareness: document?.awareness };
}

function hasDocuments(project: Project): project is ProjectWithDocuments<SharedDocument> {
  return 'document' in project;
}
