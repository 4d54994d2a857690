import { connect } from '@collabd/sdk';
import { yjsDocuments } from '@collabd/sdk/documents';

const user = { id: 'ada', name: 'Ada' };
export const project = connect({ url: 'ws://127.0.0.1:3000', projectId: 1, user, documents: yjsDocuments() });

const notes = project.document('notes');
const text = notes.doc.getText('content');
text.observe(() => console.log(text.toString()));
notes.subscribe(() => console.log(notes.status, notes.saved));
text.insert(0, 'Hello from Ada. ');
