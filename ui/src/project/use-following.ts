import { useOthers } from '@collabd/sdk/react';
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { whereIs } from '../presence/where.ts';
import { addressOf } from './address.ts';
import { useFollow } from './follow.tsx';

/** Opens the document that whom one follows has gone to. */
export function useFollowing(projectId: number, documentId: string | undefined): void {
  const { userId } = useFollow();
  const followed = useOthers().find((user) => user.userId === userId);
  const there = followed && whereIs(followed);
  const [, navigate] = useLocation();

  useEffect(() => {
    if (there !== undefined && there !== documentId) {
      navigate(addressOf(projectId, there));
    }
  }, [there, documentId, projectId, navigate]);
}
