import { WebSocket } from 'ws';
import type { Server } from './server.ts';
import { until } from './until.ts';

/** Of a Presence, what these tests look at. */
export interface Person {
  userId: string;
  userName: string;
  sessions: number;
  documents: Record<string, unknown>;
}

type Message =
  | { type: 'bulk_presence'; data: Person[] }
  | { type: 'user_joined' | 'user_updated'; user: Person }
  | { type: 'user_left'; userId: string };

/** A member of project 1 over the collaboration socket, who knows who else is there. */
export class Roster {
  readonly people = new Map<string, Person>();
  /** Each `user_joined` and `user_left`, in order. */
  readonly comings: string[] = [];
  readonly #socket: WebSocket;

  private constructor(server: Server) {
    this.#socket = new WebSocket(`ws://${server.origin}/ws/collaboration/v2?project_id=1`);
    this.#socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Message));
  }

  static async join(server: Server, userId: string, userName = userId): Promise<Roster> {
    const roster = new Roster(server);
    await until('the socket is open', () => roster.#socket.readyState === WebSocket.OPEN);
    roster.#socket.send(JSON.stringify({ type: 'join_session', data: { userId, userName } }));
    await until('the snapshot is here', () => roster.people.has(userId));
    return roster;
  }

  leave(): void {
    this.#socket.close(1000);
  }

  #take(message: Message): void {
    switch (message.type) {
      case 'bulk_presence':
        this.people.clear();
        for (const person of message.data) {
          this.people.set(person.userId, person);
        }
        break;
      case 'user_joined':
        this.comings.push(`+${message.user.userId}`);
        this.people.set(message.user.userId, message.user);
        break;
      case 'user_updated':
        this.people.set(message.user.userId, message.user);
        break;
      case 'user_left':
        this.comings.push(`-${message.userId}`);
        this.people.delete(message.userId);
        break;
    }
  }
}
