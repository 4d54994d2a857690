import type { Connection } from '../connection/connection.ts';
import type { User } from '../options.ts';
import { applyDelta, applySnapshot } from '../presence/apply.ts';
import { EMPTY_PRESENCE, type PresenceState } from '../presence/state.ts';
import { codecOf, JSON_CODEC } from '../protocol/codec.ts';
import { decodeFrame } from '../protocol/frames.ts';
import type {
  ClientMessage,
  ErrorCode,
  JoinSession,
  ServerMessage,
  ServerMessageOf,
} from '../protocol/index.ts';
import type { DocumentRef, Place } from './place.ts';
import type { PresenceStatus } from './status.ts';
import type { Throttle } from './throttle.ts';
import type { Tokens } from './tokens.ts';

/** Refusals of a busy server: what was refused will be taken soon. */
const BUSY: readonly ErrorCode[] = ['rate_limited', 'overloaded', 'unavailable'];
/** Milliseconds until a refused state is told again when the server does not say. */
const RESTATE_MS = 1_000;

/** What a session is made of, and whom it tells. */
export interface SessionParts {
  readonly user: User;
  readonly connection: Connection;
  readonly place: Place;
  readonly status: PresenceStatus;
  readonly tokens: Tokens;
  readonly cursors: Throttle;
  /** The presence is another one. */
  changed(presence: PresenceState): void;
  /** A message arrived, and `changed` has told its effect. */
  message(message: ServerMessage): void;
  /** The session has joined. */
  joined(): void;
}

/** The talk with the server over one connection after another. */
export interface Session {
  isJoined(): boolean;
  /** The socket is open, and the server chose `protocol`. */
  opened(protocol: string | undefined): void;
  /** A text frame arrived. */
  text(frame: string): void;
  /** A binary frame arrived; false when it holds no messages. */
  binary(frame: Uint8Array): boolean;
  /** Asks the server for any answer. */
  ping(): void;
  /** The connection is gone. */
  down(): void;
  /** Nobody is known any more. */
  forget(): void;
  /** Sends a message; false when the session has not joined. */
  send(message: ClientMessage): boolean;
  /** Sends the cursors that wait; false when they must wait on. */
  sendCursors(): boolean;
}

export function createSession(parts: SessionParts): Session {
  const { connection, place, status, tokens, cursors } = parts;
  let presence = EMPTY_PRESENCE;
  let told = presence;
  let codec = JSON_CODEC;
  let isJoined = false;
  /** The document that the server was told with the join. */
  let joinedIn: DocumentRef | undefined;
  let restating: ReturnType<typeof setTimeout> | undefined;

  function transmit(message: ClientMessage): boolean {
    return connection.send(codec.encode(message));
  }

  function send(message: ClientMessage): boolean {
    return isJoined && transmit(message);
  }

  function tell(): void {
    if (presence !== told) {
      told = presence;
      parts.changed(presence);
    }
  }

  function receiveAll(messages: readonly ServerMessage[]): void {
    messages.forEach(receive);
    tell();
    messages.forEach(parts.message);
  }

  function receive(message: ServerMessage): void {
    if (message.type === 'bulk_presence' && !isJoined) {
      presence = applySnapshot(presence, message);
      // Who is here is told first: whoever sees the session online also sees oneself.
      tell();
      begin();
    } else {
      presence = applyDelta(presence, message);
    }
    if (message.type === 'disconnect') {
      connection.announced(message);
    }
    if (message.type === 'token_expiring') {
      tokens.expiring(message.expiresAt);
    }
    if (message.type === 'error') {
      refused(message);
    }
  }

  function begin(): void {
    isJoined = true;
    connection.joined();
    if (status.get() !== 'active') {
      send({ type: 'set_status', data: { status: status.get() } });
    }
    // Entered while the server was answering.
    if (place.current() !== joinedIn) {
      sendDocument();
    }
    sendPlace();
    parts.joined();
  }

  function refused(error: ServerMessageOf<'error'>): void {
    if (!isJoined) {
      const { type: _, ...refusal } = error;
      connection.fail({ kind: 'refused', error: refusal }, error.retryAfterMs);
    } else if (BUSY.includes(error.code)) {
      // Which message it was does not matter: what should be so is told again, whole.
      clearTimeout(restating);
      restating = setTimeout(restate, error.retryAfterMs ?? RESTATE_MS);
    }
  }

  function restate(): void {
    send({ type: 'set_status', data: { status: status.get() } });
    sendDocument();
    sendPlace();
  }

  function sendDocument(): void {
    const document = place.current();
    if (document) {
      send({ type: 'switch_document', data: document });
    }
  }

  function sendPlace(): void {
    if (place.markUnsent()) {
      cursors.request();
    }
  }

  return {
    isJoined: () => isJoined,
    opened(protocol) {
      codec = codecOf(protocol);
      joinedIn = place.current();
      transmit({ type: 'join_session', data: joinData(parts.user, joinedIn, tokens.current()) });
    },
    text: (frame) => receiveAll(decodeFrame(frame)),
    binary(frame) {
      const messages = codec.decodeBinary(frame);
      receiveAll(messages ?? []);
      return messages !== undefined;
    },
    ping() {
      transmit({ type: 'ping' });
    },
    down() {
      isJoined = false;
      clearTimeout(restating);
      tokens.down();
      cursors.cancel();
    },
    forget() {
      presence = EMPTY_PRESENCE;
      tell();
    },
    send,
    sendCursors() {
      if (connection.isCongested()) {
        return false;
      }
      if (isJoined) {
        for (const cursor of place.takeUnsent()) {
          send({ type: 'cursor_update', data: cursor });
        }
      }
      return true;
    },
  };
}

function joinData(user: User, document: DocumentRef | undefined, token: string | undefined): JoinSession {
  return {
    userId: user.id,
    userName: user.name,
    ...(user.color !== undefined && { avatarColor: user.color }),
    ...(user.isAgent !== undefined && { isAgent: user.isAgent }),
    ...document,
    ...(token !== undefined && { token }),
  };
}
