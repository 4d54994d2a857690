import { connect } from '@collabd/sdk';
import { yjsDocuments } from '@collabd/sdk/documents';
import { sharedSocket } from '@collabd/sdk/tabs';

/** Joins the first project as `id`, in a document that all share, and notes down who leaves. */
function join(id: string) {
  const project = connect({
    url: location.origin,
    projectId: 1,
    user: { id, name: id },
    documents: yjsDocuments(),
    WebSocket: sharedSocket(id),
  });
  const absences: string[] = [];
  project.on('user_left', ({ userId }) => absences.push(userId));
  project.switchDocument('canvas', 'canvas');
  const document = project.document('shared');
  const { doc, awareness } = document;
  return { project, document, text: doc.getText('t'), absences, editors: () => awareness.getStates().size };
}

declare global {
  interface Window {
    /** For the test, which speaks to the page over it. */
    join: typeof join;
    tab: ReturnType<typeof join>;
  }
}
window.join = join;
