import type { DocumentType } from '@collabd/sdk';
import { type ComponentType, lazy } from 'react';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Edits } from './edits.ts';

/** What the surface of a document is given. It is made anew for each document. */
export interface SurfaceProps {
  readonly documentId: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly edits: Edits;
  readonly isReadOnly: boolean;
}

/** Each kind's surface, loaded with the first document of the kind: together they weigh ten times what the page does. */
export const SURFACES: Readonly<Record<DocumentType, ComponentType<SurfaceProps>>> = {
  canvas: lazy(() => import('../surfaces/canvas/canvas.tsx').then(({ Canvas }) => ({ default: Canvas }))),
  spreadsheet: lazy(() =>
    import('../surfaces/spreadsheet/spreadsheet.tsx').then(({ Spreadsheet }) => ({ default: Spreadsheet })),
  ),
  code_editor: lazy(() => import('../surfaces/code/code.tsx').then(({ Code }) => ({ default: Code }))),
  timeline: lazy(() =>
    import('../surfaces/timeline/timeline.tsx').then(({ Timeline }) => ({ default: Timeline })),
  ),
  '3d': lazy(() => import('../surfaces/scene/scene.tsx').then(({ Scene }) => ({ default: Scene }))),
};
