import type { DocumentType } from '@collabd/sdk';
import { Box, ChartGantt, CodeXml, type LucideIcon, Table2, Workflow } from 'lucide-react';

/** How each kind of document is shown. */
export const KIND_LOOKS: Readonly<Record<DocumentType, { label: string; icon: LucideIcon; about: string }>> =
  {
    canvas: { label: 'Canvas', icon: Workflow, about: 'Boxes and what connects them' },
    spreadsheet: { label: 'Spreadsheet', icon: Table2, about: 'Rows, columns and sums' },
    code_editor: { label: 'Code', icon: CodeXml, about: 'A text that several people type' },
    timeline: { label: 'Timeline', icon: ChartGantt, about: 'What happens when, on tracks' },
    '3d': { label: '3D scene', icon: Box, about: 'Solids on a ground' },
  };
