/** The address of a document's page. */
export function addressOf(projectId: number, documentId: string): string {
  return `/projects/${projectId}/documents/${encodeURIComponent(documentId)}`;
}

/** The document whose page has the address, if it is one of a document. */
export function documentIdIn(pathname: string): string | undefined {
  const [, escaped] = /^\/projects\/[^/]+\/documents\/([^/]+)$/.exec(pathname) ?? [];
  try {
    return escaped && decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
}
