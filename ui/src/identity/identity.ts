import { createStored } from '../stored.ts';
import { anyColor, COLORS } from './colors.ts';

/** Who works in this browser. All tabs have the same id: they are one person. */
export interface Identity {
  readonly id: string;
  /** Empty until the person has chosen one. */
  readonly name: string;
  readonly color: string;
}

/** Bytes of UTF-8 that the server takes for a name. */
const MAX_NAME_BYTES = 256;

export const identity = createStored<Identity>(
  'localStorage',
  'collabd.identity',
  parseIdentity,
  JSON.stringify,
);
// A person who has not chosen anything yet is the same one in the next tab all the same.
identity.set(identity.get());

function parseIdentity(text: string | null): Identity {
  try {
    const { id, name, color } = JSON.parse(text ?? '') as Partial<Record<keyof Identity, unknown>>;
    if (
      isName(id) &&
      typeof name === 'string' &&
      typeof color === 'string' &&
      /^#[0-9a-f]{6}$/i.test(color)
    ) {
      return { id, name, color };
    }
  } catch {
    // None, or none of ours.
  }
  return { id: randomId(), name: '', color: anyColor() };
}

/** Somebody else whom one is in this tab only, to see both sides of working together on one machine. */
export const guest = createStored<Identity | undefined>(
  'sessionStorage',
  'collabd.guest',
  (text) => (text === null ? undefined : parseIdentity(text)),
  (value) => (value ? JSON.stringify(value) : null),
);

/** Makes one somebody else in this tab. */
export function becomeGuest(): void {
  const { name, color } = identity.get();
  const at = COLORS.findIndex(({ value }) => value === color);
  const other = COLORS[(at + COLORS.length / 2) % COLORS.length] ?? COLORS[0];
  guest.set({ id: randomId(), name: `${name} (guest)`, color: other.value });
}

/** The name as the server takes it, or undefined when it takes none like it. */
export function nameOf(text: string): string | undefined {
  const name = text.replace(/\p{Cc}/gu, ' ').trim();
  return isName(name) ? name : undefined;
}

function isName(text: unknown): text is string {
  return (
    typeof text === 'string' && text.trim() !== '' && new TextEncoder().encode(text).length <= MAX_NAME_BYTES
  );
}

/** 96 random bits. (`crypto.randomUUID` is not there on pages without TLS.) */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
