import { createHmac } from 'node:crypto';

/** What the tests' secured servers verify tokens with. */
export const SECRET = 'a secret of the tests of the page, 32 bytes or more';

export interface TokenOptions {
  /** Seconds from now. */
  readonly lasts?: number;
  readonly projects?: Readonly<Record<string, 'viewer' | 'editor' | 'owner'>>;
}

/** A token for the person of that name. */
export function tokenFor(
  name: string,
  { lasts = 600, projects = { 1: 'owner' } }: TokenOptions = {},
): string {
  const claims = {
    sub: `id-${name.toLowerCase()}`,
    name,
    aud: 'collabd',
    exp: Math.floor(Date.now() / 1_000) + lasts,
    projects,
    create_projects: true,
  };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(encode).join('.');
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
