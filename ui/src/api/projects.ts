import type { DocumentType } from '@collabd/sdk';
import { ask } from './graphql.ts';
import { API_NAMES, kindOfApi } from './kinds.ts';

export interface DocumentInfo {
  readonly id: string;
  readonly name: string;
  readonly kind: DocumentType;
}

export interface Person {
  readonly userId: string;
  readonly userName: string;
  readonly avatarColor: string;
}

export interface ProjectInfo {
  readonly id: number;
  readonly name: string;
  readonly documents: readonly DocumentInfo[];
}

/** A project as the list shows it. */
export interface ListedProject extends ProjectInfo {
  readonly updatedAt: string;
  readonly people: readonly Person[];
}

interface DocumentAnswer {
  readonly id: string;
  readonly name: string;
  readonly documentType: string;
}

const DOCUMENT = 'id name documentType';
/** As many as the server gives at once. */
const PAGE = 1_000;

export async function fetchProjects(signal: AbortSignal): Promise<readonly ListedProject[]> {
  const { projects } = await ask<{
    projects: (Omit<ListedProject, 'documents' | 'people'> & {
      documents: DocumentAnswer[];
      presence: Person[];
    })[];
  }>(
    `{ projects(first: 100) { id name updatedAt documents(first: 12) { ${DOCUMENT} }
       presence { userId userName avatarColor } } }`,
    {},
    signal,
  );
  return projects.map(({ documents, presence, ...project }) => ({
    ...project,
    documents: documents.map(toDocument),
    people: presence,
  }));
}

/** The project, or undefined when there is none. */
export async function fetchProject(id: number, signal: AbortSignal): Promise<ProjectInfo | undefined> {
  const { project } = await ask<{
    project: { id: number; name: string; documents: DocumentAnswer[] } | null;
  }>(
    `query ($id: Int!) { project(id: $id) { id name documents(first: ${PAGE}) { ${DOCUMENT} } } }`,
    { id },
    signal,
  );
  return project ? { ...project, documents: project.documents.map(toDocument).sort(byName) } : undefined;
}

export async function createProject(name: string): Promise<number> {
  const answer = await ask<{ createProject: { id: number } }>(
    'mutation ($name: String!) { createProject(name: $name) { id } }',
    { name },
  );
  return answer.createProject.id;
}

export async function renameProject(id: number, name: string): Promise<void> {
  await ask('mutation ($id: Int!, $name: String!) { renameProject(id: $id, name: $name) { id } }', {
    id,
    name,
  });
}

export async function deleteProject(id: number): Promise<void> {
  await ask('mutation ($id: Int!) { deleteProject(id: $id) }', { id });
}

export async function createDocument(
  projectId: number,
  name: string,
  kind: DocumentType,
): Promise<DocumentInfo> {
  const answer = await ask<{ createDocument: DocumentAnswer }>(
    `mutation ($projectId: Int!, $name: String!, $documentType: DocumentType!) {
       createDocument(projectId: $projectId, name: $name, documentType: $documentType) { ${DOCUMENT} } }`,
    { projectId, name, documentType: API_NAMES[kind] },
  );
  return toDocument(answer.createDocument);
}

export async function renameDocument(projectId: number, id: string, name: string): Promise<void> {
  await ask(
    `mutation ($projectId: Int!, $id: ID!, $name: String!) {
       renameDocument(projectId: $projectId, id: $id, name: $name) { id } }`,
    { projectId, id, name },
  );
}

export async function deleteDocument(projectId: number, id: string): Promise<void> {
  await ask('mutation ($projectId: Int!, $id: ID!) { deleteDocument(projectId: $projectId, id: $id) }', {
    projectId,
    id,
  });
}

function toDocument({ id, name, documentType }: DocumentAnswer): DocumentInfo {
  return { id, name, kind: kindOfApi(documentType) };
}

function byName(a: DocumentInfo, b: DocumentInfo): number {
  return a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
}
