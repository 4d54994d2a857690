/** React components and hooks over a project. */

export { Avatar, type AvatarProps } from './avatar.tsx';
export { AvatarStack, type AvatarStackProps } from './avatar-stack.tsx';
export { CollabProvider, type CollabProviderProps } from './collab-provider.tsx';
export { CursorPointer, type CursorPointerProps } from './cursor-pointer.tsx';
export { Cursors, type CursorsProps } from './cursors.tsx';
export { inkOn } from './ink.ts';
export { approach, type Point } from './point.ts';
export { useConnection } from './use-connection.ts';
export { useCursors } from './use-cursors.ts';
export { type DocumentState, useDocument } from './use-document.ts';
export { useMyCursor } from './use-my-cursor.ts';
export { useOthers } from './use-others.ts';
export { useProject } from './use-project.ts';
export { useSelf } from './use-self.ts';
export { useSmoothPoint } from './use-smooth-point.ts';
