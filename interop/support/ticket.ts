import type { Server } from './server.ts';

export type Role = 'VIEWER' | 'EDITOR' | 'OWNER';

/** A ticket for project 1, good for one connection. */
export async function ticket(server: Server, name: string, role: Role): Promise<string> {
  const { createTicket } = await server.ask<{ createTicket: { ticket: string } }>(
    `mutation ($name: String!, $role: Role!) {
      createTicket(projectId: 1, userId: $name, userName: $name, role: $role) { ticket }
    }`,
    { name, role },
  );
  return createTicket.ticket;
}
