import type { ProjectWithDocuments } from '@collabd/sdk';
import type { SharedDocument } from '@collabd/sdk/documents';

/** Documents that hold edits which no server has on disk yet. */
const unsaved = new Set<SharedDocument>();

// Whoever closes the page now is asked first.
addEventListener('beforeunload', (event) => {
  if (hasUnsaved()) {
    event.preventDefault();
  }
});

/** Would something be lost if one left the project now? */
export function hasUnsaved(): boolean {
  return unsaved.size > 0;
}

/** Keeps a document open, though nobody looks at it any more, until what was edited in it is saved. */
export function keepUntilSaved(project: ProjectWithDocuments<SharedDocument>, id: string): void {
  const document = project.document(id);
  const unsubscribe = document.subscribe(check);

  function check(): void {
    if (isSettled(document)) {
      unsubscribe();
      unsaved.delete(document);
      document.close();
    }
  }

  unsaved.add(document);
  check();
}

/** Watches a document that somebody looks at, until the returned function is called. */
export function watchUnsaved(document: SharedDocument): () => void {
  const check = () => void (isSettled(document) ? unsaved.delete(document) : unsaved.add(document));
  const unsubscribe = document.subscribe(check);
  check();
  return () => {
    unsubscribe();
    unsaved.delete(document);
  };
}

/** Is there nothing that waiting would save? */
function isSettled({ saved, status }: SharedDocument): boolean {
  return saved === 'saved' || saved === 'refused' || status === 'closed';
}
