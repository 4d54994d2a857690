import { yjsDocuments } from '@collabd/sdk/documents';
import { CollabProvider } from '@collabd/sdk/react';
import { type ReactElement, useCallback } from 'react';
import { useLocation } from 'wouter';
import { useMe } from '../access/me.ts';
import { token } from '../access/token.ts';
import { fetchProject } from '../api/projects.ts';
import { useQuery } from '../api/use-query.ts';
import { Loading } from '../components/loading.tsx';
import { useStored } from '../stored.ts';
import { documentIdIn } from './address.ts';
import { FollowProvider } from './follow.tsx';
import { IdentityGate } from './identity-gate.tsx';
import { Missing, Unavailable } from './unavailable.tsx';
import { Workspace } from './workspace.tsx';

/** Milliseconds between two looks at the list of documents, of which the server tells nothing by itself. */
const LOOK_MS = 4_000;
/** Milliseconds without a movement or a key after which somebody counts as idle. */
const IDLE_MS = 120_000;
/** The highest id of a project. */
const MAX_ID = 0x7fff_ffff;

const documents = yjsDocuments();

/** A project, and one of its documents. */
export function ProjectPage({ id }: { readonly id: number }): ReactElement {
  const me = useMe();
  const access = useStored(token);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another token it is another question
  const question = useCallback((signal: AbortSignal) => fetchExisting(id, signal), [id, access]);
  const { data: project, error, refresh } = useQuery(question, LOOK_MS);
  // The page is another one with each address. What the router makes of it cannot tell an escaped slash from a slash.
  useLocation();

  if (project === null) {
    return <Missing />;
  }
  if (!project) {
    return error ? <Unavailable error={error} refresh={refresh} /> : <Loading label="Opening the project" />;
  }
  if (me.name === '') {
    return <IdentityGate project={project.name} />;
  }
  return (
    <CollabProvider
      // A token that is there from the beginning is renewed on the open connection.
      key={access === '' ? 'open' : 'secured'}
      url={location.origin}
      projectId={id}
      user={{ id: me.id, name: me.name, color: me.color }}
      token={access || undefined}
      documents={documents}
      idleAfter={IDLE_MS}
    >
      <FollowProvider>
        <Workspace project={project} documentId={documentIdIn(location.pathname)} refresh={refresh} />
      </FollowProvider>
    </CollabProvider>
  );
}

/** The project; null when there is none of this id. */
async function fetchExisting(id: number, signal: AbortSignal) {
  return Number.isInteger(id) && id >= 1 && id <= MAX_ID ? ((await fetchProject(id, signal)) ?? null) : null;
}
