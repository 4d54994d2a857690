import type { CloseName, ConnectionEnd, ConnectionState } from '@collabd/sdk';

/** An end that does not mend itself, and what the person can do about it. */
export interface Halt {
  readonly title: string;
  readonly text: string;
  readonly remedy: 'token' | 'retry' | 'leave';
}

const CLOSED: Partial<Record<CloseName, Halt>> = {
  token_expired: {
    title: 'Your access has expired',
    text: 'Ask whoever gave you the access token for a fresh one. What you did here is kept until you close this tab.',
    remedy: 'token',
  },
  unauthenticated: {
    title: 'Your access token is not accepted',
    text: 'It is not for this server, or something is missing from it. Paste another one.',
    remedy: 'token',
  },
  forbidden: {
    title: 'This project is not open to you',
    text: 'Your access token is not for it. Paste another one, or choose another project.',
    remedy: 'token',
  },
  revoked: {
    title: 'Your access was taken away',
    text: 'Somebody who runs this server decided so. Ask them, if you do not know why.',
    remedy: 'leave',
  },
  kicked: {
    title: 'You were sent away',
    text: 'Somebody who runs this project ended your session. You may come back.',
    remedy: 'retry',
  },
  project_deleted: {
    title: 'This project was deleted',
    text: 'Somebody deleted it with everything in it, for everybody.',
    remedy: 'leave',
  },
  superseded: {
    title: 'You went on somewhere else',
    text: 'This session was taken over by a newer one of yours.',
    remedy: 'retry',
  },
  connection_limit: {
    title: 'Too many windows',
    text: 'You have as many connections open as the server allows. Close one and come back.',
    remedy: 'retry',
  },
};

const ENDED: Halt = {
  title: 'The server ended this session',
  text: 'It does not say why. You can try to come back.',
  remedy: 'retry',
};

/** Why nothing goes on by itself, or undefined while everything does. */
export function haltOf(state: ConnectionState): Halt | undefined {
  return state.phase === 'stopped' ? wordsForEnd(state.end) : undefined;
}

function wordsForEnd(end: ConnectionEnd): Halt {
  if (end.kind === 'refused') {
    return { ...ENDED, title: 'The server does not let you in', text: `It says: ${end.error.message}` };
  }
  return (end.kind === 'closed' && CLOSED[end.name]) || ENDED;
}

/** What is said while the connection is on its way back. */
export function wordsForWaiting(state: ConnectionState, now: number): string | undefined {
  if (state.phase === 'connecting') {
    return state.tries === 0 ? undefined : 'Connecting again…';
  }
  if (state.phase !== 'waiting') {
    return undefined;
  }
  const seconds = Math.ceil((state.retryAt - now) / 1_000);
  const why =
    state.end.kind === 'closed' && state.end.name === 'going_away'
      ? 'The server restarts.'
      : 'The connection is lost.';
  return seconds <= 1 ? `${why} Connecting again…` : `${why} Connecting again in ${seconds} s.`;
}
