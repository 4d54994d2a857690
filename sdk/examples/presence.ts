import { connect } from '@collabd/sdk';

const user = { id: 'ada', name: 'Ada' };
export const project = connect({ url: 'ws://127.0.0.1:3000', projectId: 1, user });

project.switchDocument('plan', 'canvas');
project.moveCursor('plan', { type: 'canvas', x: 120, y: 80 });
project.subscribe(() => {
  const { others, cursors } = project.getSnapshot();
  console.log(`${others.length} others`, cursors.get('plan'));
});
