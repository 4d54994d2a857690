import type { Cursor, DocumentType } from '@collabd/sdk';
import { useCursors, useOthers } from '@collabd/sdk/react';
import { createContext, type ReactElement, type ReactNode, useContext, useMemo, useState } from 'react';

/** Whom one follows: the view goes where that person goes. */
export interface Follow {
  readonly userId: string | undefined;
  start(userId: string): void;
  stop(): void;
}

const FollowContext = createContext<Follow>({ userId: undefined, start: () => {}, stop: () => {} });

export function FollowProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [chosen, setChosen] = useState<string>();
  const others = useOthers();
  // Whoever has left is followed no more.
  const userId = others.some((user) => user.userId === chosen) ? chosen : undefined;
  const follow = useMemo<Follow>(
    () => ({ userId, start: setChosen, stop: () => setChosen(undefined) }),
    [userId],
  );
  return <FollowContext value={follow}>{children}</FollowContext>;
}

export function useFollow(): Follow {
  return useContext(FollowContext);
}

/** The cursor in a document of whom one follows. */
export function useFollowedCursor<T extends DocumentType>(
  documentId: string,
  type: T,
): Cursor<T> | undefined {
  const { userId } = useFollow();
  const cursors = useCursors(documentId, type);
  return userId === undefined ? undefined : cursors.find((cursor) => cursor.userId === userId);
}
