import { createStored, type Stored } from '../stored.ts';

/**
 * The token for a secured server; empty without one. It lives as long as the tab: in the session's storage, and never in
 * an address that is sent or kept in a history.
 */
export const token: Stored<string> = createStored<string>(
  'sessionStorage',
  'collabd.token',
  (text) => text ?? '',
  (value) => value || null,
);

/** What a token says of its holder. Only the server verifies it. */
export interface Claims {
  readonly subject: string;
  readonly name: string;
  readonly color: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined;
  readonly mayCreateProjects: boolean;
  /** Roles by project. */
  readonly projects: Readonly<Record<string, unknown>>;
}

/** Takes the token out of `#token=...`, and the fragment out of the address. */
export function takeTokenFromAddress(location: Location, history: History): void {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const found = fragment.get('token');
  if (found !== null) {
    token.set(found.trim());
    fragment.delete('token');
    const rest = fragment.size > 0 ? `#${fragment}` : '';
    history.replaceState(history.state, '', `${location.pathname}${location.search}${rest}`);
  }
}

/** The claims of a JWT, or undefined for any other text. */
export function claimsOf(text: string): Claims | undefined {
  try {
    const [, payload = ''] = text.split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const { sub, name, color, exp, projects } = claims;
    if (typeof sub !== 'string') {
      return undefined;
    }
    return {
      subject: sub,
      name: typeof name === 'string' ? name : sub,
      color: typeof color === 'string' ? color : undefined,
      expiresAt: typeof exp === 'number' ? exp * 1_000 : undefined,
      mayCreateProjects: claims.create_projects === true,
      projects: typeof projects === 'object' && projects !== null ? { ...projects } : {},
    };
  } catch {
    return undefined;
  }
}
