import type { DocumentType } from '@collabd/sdk';

/** What the API calls the kinds of documents. */
export const API_NAMES: Readonly<Record<DocumentType, string>> = {
  canvas: 'CANVAS',
  spreadsheet: 'SPREADSHEET',
  code_editor: 'CODE_EDITOR',
  timeline: 'TIMELINE',
  '3d': 'THREE_D',
};

/** In the order in which people are offered them. */
export const KINDS = Object.keys(API_NAMES) as readonly DocumentType[];

/** The kind that the API calls `name`; documents of kinds to come are shown as text. */
export function kindOfApi(name: string): DocumentType {
  return KINDS.find((kind) => API_NAMES[kind] === name) ?? 'code_editor';
}
