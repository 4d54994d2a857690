import type { Presence } from '@collabd/sdk';

/** The document a person looks at: of several, the one entered last. */
export function whereIs(user: Presence): string | undefined {
  return Object.entries(user.documents).sort(
    ([, a], [, b]) => Date.parse(b.lastActiveInDocument) - Date.parse(a.lastActiveInDocument),
  )[0]?.[0];
}
