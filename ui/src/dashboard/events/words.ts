import type { RecordedEvent } from '../feed/api.ts';

/** How much an event calls for attention. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad';

/** An event as people read it. */
export interface EventWords {
  readonly text: string;
  /** What the server calls it, for whoever looks further. */
  readonly detail: string;
  readonly tone: Tone;
}

type Words = Readonly<Record<string, readonly [text: string, tone: Tone]>>;

/** Why a session ended. */
const DEPARTURES: Words = {
  left: ['left', 'plain'],
  connection_lost: ['lost the connection', 'warn'],
  heartbeat_timeout: ['was silent for too long', 'warn'],
  slow_consumer: ['was evicted, for not reading what was sent', 'bad'],
  misbehaved: ['was closed, for breaking the protocol', 'bad'],
  revoked: ['has no right to be here any more', 'bad'],
  project_deleted: ['left, as the project was deleted', 'warn'],
  server_shutdown: ['was sent away, as the server stops', 'plain'],
};

/** The same by the code of a client, which says more. A client may close with any code, so others mean nothing. */
const CLIENT_CLOSES: Words = {
  '1001': ['closed or reloaded the page', 'plain'],
  '1005': ['closed the connection', 'plain'],
};

/** The same by the code of the server, where that says more. */
const SERVER_CLOSES: Words = {
  '1011': ['was sent back, after a fault of the server', 'bad'],
  '1013': ['was sent back, as the server had too much to do', 'warn'],
  '4003': ['was closed, for flooding', 'bad'],
  '4004': ['was sent back, as the project began anew', 'bad'],
  '4005': ['had a token that expired', 'warn'],
  '4006': ['was sent back to begin afresh', 'warn'],
  '4008': ['was closed, for a message that was never finished', 'bad'],
  '4508': ['was kicked', 'bad'],
  '4509': ['was closed, for too many malformed messages', 'bad'],
};

const REFUSALS: Readonly<Record<string, string>> = {
  limit: 'a limit is reached',
  stopping: 'the server stops',
  unready: 'the server is not ready',
  auth: 'no valid token',
  origin: 'a page of another origin',
  bad_request: 'not a request for a WebSocket here',
};

export function wordsOf(event: RecordedEvent): EventWords {
  const who = event.userName ?? event.userId ?? (event.sessionId ? `session ${event.sessionId}` : 'Somebody');
  const document = event.documentId ?? 'a document';
  const plain = (text: string, tone: Tone = 'plain'): EventWords => ({ text, detail: '', tone });
  switch (event.event) {
    case 'joined':
      return plain(event.documentId ? `${who} joined in ${document}` : `${who} joined`, 'good');
    case 'departed':
      return departure(event, who);
    case 'kicked':
      return plain(`${event.by ?? 'An operator'} kicked ${who}`, 'warn');
    case 'opened':
      return plain('The project began to run');
    case 'ended':
      return plain('The project ended, as nobody was left');
    case 'restarted':
      return plain('The project broke down and began anew: a bug, please report it', 'bad');
    case 'document_opened':
      return plain(`${document} was loaded`);
    case 'document_closed':
      return plain(`${document} was put away`);
    case 'document_restarted':
      return plain(`${document} broke down and began anew: a bug, please report it`, 'bad');
    case 'started':
      return plain('The server started', 'good');
    case 'stopping':
      return plain('The server was told to stop', 'warn');
    case 'refused':
      return plain(`A connection was refused: ${REFUSALS[event.reason ?? ''] ?? event.reason}`, 'warn');
    case 'evicted':
      return plain(`${who} was evicted from project ${event.projectId}, for not reading`, 'bad');
    case 'panicked': {
      const what = event.documentId ? `${document} of project` : 'Project';
      return plain(`${what} ${event.projectId} broke down: a bug, please report it`, 'bad');
    }
    default:
      return plain(event.event.replaceAll('_', ' '));
  }
}

function departure({ reason = '', closeCode, closedBy }: RecordedEvent, who: string): EventWords {
  // A client that closes without a code says as much as 1005, which stands for none.
  const code = closedBy === 'client' && closeCode === undefined ? 1005 : closeCode;
  const closes = closedBy === 'client' ? CLIENT_CLOSES : SERVER_CLOSES;
  const known = closes[String(code)] ?? DEPARTURES[reason];
  const [text, tone] =
    reason === 'left' ? ['left', 'plain' as Tone] : (known ?? [`is gone: ${reason}`, 'warn']);
  const closed =
    closedBy && (closeCode === undefined ? `closed by the ${closedBy}` : `${closeCode} by the ${closedBy}`);
  return { text: `${who} ${text}`, detail: [reason, closed].filter(Boolean).join(', '), tone };
}

/** Is it about somebody's end? */
export function isEnd({ event }: RecordedEvent): boolean {
  return (
    event === 'departed' || event === 'kicked' || event === 'restarted' || event === 'document_restarted'
  );
}
