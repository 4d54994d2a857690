/** The wire types, as the server's own code describes them. */

import type { CursorPosition } from './generated/CursorPosition.ts';
import type { DocumentType } from './generated/DocumentType.ts';
import type { ServerMessage } from './generated/ServerMessage.ts';

export type { ClientMessage } from './generated/ClientMessage.ts';
export type { CursorMoved } from './generated/CursorMoved.ts';
export type { CursorUpdate } from './generated/CursorUpdate.ts';
export { CLOSE_CODES } from './generated/closeCodes.ts';
export type { DepartureReason } from './generated/DepartureReason.ts';
export type { DocumentActivity } from './generated/DocumentActivity.ts';
export type { DocumentPresence } from './generated/DocumentPresence.ts';
export type { ErrorCode } from './generated/ErrorCode.ts';
export type { JoinSession } from './generated/JoinSession.ts';
export type { LimitHit } from './generated/LimitHit.ts';
export type { LimitName } from './generated/LimitName.ts';
export type { Presence } from './generated/Presence.ts';
export type { Role } from './generated/Role.ts';
export type { Status } from './generated/Status.ts';
export type { WireError } from './generated/WireError.ts';
export type { CursorPosition, DocumentType, ServerMessage };

/** The position that fits documents of type `T`. */
export type PositionOf<T extends DocumentType> = Extract<CursorPosition, { type: T }>;

/** The server's message with this `type`. */
export type ServerMessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
