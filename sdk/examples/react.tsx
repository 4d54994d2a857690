import { AvatarStack, CollabProvider, Cursors, useMyCursor } from '@collabd/sdk/react';

function Board() {
  const move = useMyCursor('board');
  return (
    <main onPointerMove={(event) => move({ type: 'canvas', x: event.clientX, y: event.clientY })}>
      <AvatarStack />
      <Cursors documentId="board" />
    </main>
  );
}

export function App() {
  return (
    <CollabProvider url="ws://127.0.0.1:3000" projectId={1} user={{ id: 'ada', name: 'Ada' }}>
      <Board />
    </CollabProvider>
  );
}
