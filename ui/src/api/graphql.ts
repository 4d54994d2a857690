import { token } from '../access/token.ts';

/** Why there is no answer: the API's own codes, and `UNREACHABLE` when there is no server to give one. */
export type ApiCode =
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_REQUEST'
  | 'UNAVAILABLE'
  | 'OVERLOADED'
  | 'INTERNAL'
  | 'UNREACHABLE';

export class ApiError extends Error {
  readonly code: ApiCode;

  constructor(code: ApiCode, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: ApiCode };
  }[];
}

/**
 * Asks the server that the page comes from.
 *
 * @throws ApiError when it has no answer.
 */
export async function ask<T>(query: string, variables: object = {}, signal?: AbortSignal): Promise<T> {
  const { data, errors } = await post<T>(JSON.stringify({ query, variables }), signal);
  const error = errors?.[0];
  if (error) {
    throw new ApiError(error.extensions?.code ?? 'INTERNAL', error.message);
  }
  if (data === null || data === undefined) {
    throw new ApiError('INTERNAL', 'the answer holds no data');
  }
  return data;
}

async function post<T>(body: string, signal: AbortSignal | undefined): Promise<Answer<T>> {
  const headers = { 'content-type': 'application/json', ...bearer() };
  try {
    const response = await fetch('/graphql', { method: 'POST', headers, body, ...(signal && { signal }) });
    return (await response.json()) as Answer<T>;
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    throw new ApiError('UNREACHABLE', 'the server does not answer');
  }
}

function bearer(): Record<string, string> {
  return token.get() ? { authorization: `Bearer ${token.get()}` } : {};
}

/** What went wrong, for a person. */
export function wordsFor(error: unknown): string {
  switch (error instanceof ApiError ? error.code : 'INTERNAL') {
    case 'UNREACHABLE':
      return 'The server does not answer. Is it running?';
    case 'UNAVAILABLE':
    case 'OVERLOADED':
      return 'The server is busy. Try again in a moment.';
    case 'FORBIDDEN':
      return 'Your access does not allow this.';
    case 'UNAUTHENTICATED':
      return 'The server does not accept your access token.';
    case 'NOT_FOUND':
      return 'It does not exist any more.';
    default:
      return error instanceof Error ? `The server refused: ${error.message}.` : 'Something went wrong.';
  }
}
