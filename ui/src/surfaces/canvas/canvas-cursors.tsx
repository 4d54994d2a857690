import { useCursors } from '@collabd/sdk/react';
import { useStore, ViewportPortal } from '@xyflow/react';
import type { ReactElement } from 'react';
import { Glide } from '../../presence/glide.tsx';
import { PointerMark } from '../../presence/pointer-mark.tsx';

/** The others' pointers, on the plane: they stay where they are when one moves one's own view. */
export function CanvasCursors({ documentId }: { readonly documentId: string }): ReactElement {
  const cursors = useCursors(documentId, 'canvas');
  const zoom = useStore((state) => state.transform[2]);
  return (
    <ViewportPortal>
      {cursors.map(({ user, position }) => (
        <Glide key={user.userId} at={position} userId={user.userId}>
          {/* However near one is, a pointer is as large as a pointer. */}
          <div style={{ scale: 1 / zoom, transformOrigin: '0 0' }}>
            <PointerMark name={user.userName} color={user.avatarColor} />
          </div>
        </Glide>
      ))}
    </ViewportPortal>
  );
}
