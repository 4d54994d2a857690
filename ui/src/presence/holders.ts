import type { Presence } from '@collabd/sdk';
import { useCursors } from '@collabd/sdk/react';
import { useMemo } from 'react';

/** Who has what selected in a document: by what is selected, the one who selected it first known. */
export function useHolders(documentId: string): ReadonlyMap<string, Presence> {
  const cursors = useCursors(documentId);
  const key = cursors
    .map(({ userId, selectedNodeId, user }) => `${userId} ${user.avatarColor} ${selectedNodeId ?? ''}`)
    .join('\n');
  // Moves change nothing here, and whoever shows holders need not be rendered for them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is all of the cursors that counts
  return useMemo(() => {
    const holders = new Map<string, Presence>();
    for (const { selectedNodeId, user } of cursors) {
      if (selectedNodeId !== undefined && !holders.has(selectedNodeId)) {
        holders.set(selectedNodeId, user);
      }
    }
    return holders;
  }, [key]);
}
