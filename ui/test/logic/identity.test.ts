import { expect, test } from 'vitest';
import { claimsOf } from '../../src/access/token.ts';
import { COLORS } from '../../src/identity/colors.ts';
import { nameOf } from '../../src/identity/identity.ts';
import { addressOf, documentIdIn } from '../../src/project/address.ts';
import { tokenFor } from '../support/token.ts';

/** The relative luminance of WCAG 2. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test.each(COLORS)(
  '$name can be told from the grounds of both themes, and a name can be read on it',
  ({ value }) => {
    for (const ground of ['#f4f2ec', '#fffefb', '#141513', '#1b1c1a']) {
      expect(contrast(value, ground)).toBeGreaterThan(3);
    }
    expect(Math.max(contrast(value, '#ffffff'), contrast(value, '#111111'))).toBeGreaterThan(4.5);
  },
);

test('a name is what the server takes for one', () => {
  expect(nameOf('  Ada \n Lovelace ')).toBe('Ada   Lovelace');
  expect(nameOf(' \t ')).toBeUndefined();
  expect(nameOf('é'.repeat(128))).toBe('é'.repeat(128));
  expect(nameOf('é'.repeat(129))).toBeUndefined();
});

test('the claims of a token are read, and of nothing else', () => {
  const claims = claimsOf(tokenFor('Zoë', { lasts: 60, projects: { 7: 'viewer' } }));
  expect(claims).toMatchObject({ subject: 'id-zoë', name: 'Zoë', projects: { 7: 'viewer' } });
  expect(claims?.expiresAt).toBeGreaterThan(Date.now());
  for (const text of ['', 'a.b.c', 'no token', `${btoa('{}')}.${btoa('{}')}.x`, `x.${btoa('"text"')}.x`]) {
    expect(claimsOf(text)).toBeUndefined();
  }
});

test('the address of a document names it, whatever its id', () => {
  for (const id of ['plan', 'a/b', '100%', 'ä ö', '../x', '%2F']) {
    expect(documentIdIn(addressOf(1, id))).toBe(id);
  }
  expect(documentIdIn('/projects/1')).toBeUndefined();
  expect(documentIdIn('/projects/1/documents/%')).toBeUndefined();
});
