import { connect } from '@collabd/sdk';
import { sharedSocket } from '@collabd/sdk/tabs';

const user = { id: 'ada', name: 'Ada' };
export const project = connect({
  url: 'ws://127.0.0.1:3000',
  projectId: 1,
  user,
  WebSocket: sharedSocket(user.id),
});
