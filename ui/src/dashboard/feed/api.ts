import { ApiError } from '../../api/graphql.ts';

/** A running project as `/health/collaboration` shows it. */
export interface ProjectState {
  readonly projectId: number;
  readonly users: number;
  readonly connections: number;
  readonly leases: number;
  readonly documents: number;
  readonly observers: number;
  readonly inbox: number;
  /** Counted since the project runs. */
  readonly messages: number;
  readonly deliveries: number;
}

/** What `/health/collaboration` says. */
export interface Health {
  readonly connections: number;
  readonly connectionLimit: number;
  readonly projects: readonly ProjectState[];
}

export interface NamedProject {
  readonly projectId: number;
  readonly name: string;
}

/** Somebody's connection to a project. */
export interface SessionInfo {
  readonly sessionId: string;
  readonly userId: string;
  readonly userName: string;
  readonly isAgent: boolean;
  readonly since: string;
  readonly documentId: string | null;
  readonly kind: 'collaboration_v1' | 'collaboration_v2' | 'document';
  readonly address: string | null;
}

/** What the flight recorder has written down. What does not belong to the kind of event is not there. */
export interface RecordedEvent {
  readonly number: number;
  readonly at: string;
  readonly times: number;
  readonly event: string;
  readonly projectId?: number;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly userName?: string;
  readonly documentId?: string;
  readonly reason?: string;
  readonly closeCode?: number;
  readonly closedBy?: 'server' | 'client';
  readonly by?: string;
}

/** Longer than a server takes that has time for anybody. */
const PATIENCE_MS = 5_000;

export const fetchMetrics = (signal: AbortSignal): Promise<string> => get('/metrics', signal, readText);

export const fetchHealth = (signal: AbortSignal): Promise<Health> =>
  get('/health/collaboration', signal, readJson<Health>);

export const fetchNames = (signal: AbortSignal): Promise<readonly NamedProject[]> =>
  get('/admin/projects', signal, readJson<readonly NamedProject[]>);

export const fetchSessions = (project: number, signal: AbortSignal): Promise<readonly SessionInfo[]> =>
  get(`/admin/sessions?project=${project}`, signal, readJson<readonly SessionInfo[]>);

export const fetchEvents = (project: number, signal: AbortSignal): Promise<readonly RecordedEvent[]> =>
  get(`/admin/events?project=${project}`, signal, readJson<readonly RecordedEvent[]>);

export const fetchServerEvents = (signal: AbortSignal): Promise<readonly RecordedEvent[]> =>
  get('/admin/events', signal, readJson<readonly RecordedEvent[]>);

/** Closes the connection of a session, or all of a user's. */
export async function kick(
  projectId: number,
  whom: { readonly sessionId: string } | { readonly userId: string },
): Promise<void> {
  await send('/admin/kick', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ projectId, ...whom }),
  });
}

const readText = (response: Response): Promise<string> => response.text();
const readJson = async <T>(response: Response): Promise<T> => (await response.json()) as T;

async function get<T>(
  path: string,
  signal: AbortSignal,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const response = await send(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
  try {
    return await read(response);
  } catch {
    throw new ApiError('UNREACHABLE', 'the answer was cut off');
  }
}

async function send(path: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new ApiError('UNREACHABLE', 'the server does not answer');
  }
  if (!response.ok) {
    throw new ApiError(codeOf(response.status), await reasonOf(response));
  }
  return response;
}

function codeOf(status: number): 'NOT_FOUND' | 'UNAVAILABLE' | 'INTERNAL' {
  // Something between here and the server answers in its place.
  const isAway = status === 502 || status === 503 || status === 504;
  return status === 404 ? 'NOT_FOUND' : isAway ? 'UNAVAILABLE' : 'INTERNAL';
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: unknown };
    return typeof error === 'string' ? error : response.statusText;
  } catch {
    return response.statusText;
  }
}
