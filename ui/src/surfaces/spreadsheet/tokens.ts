/** A part of a formula. */
export type Token =
  | { readonly kind: 'number'; readonly value: number }
  /** A cell or a function, in capital letters. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sign'; readonly sign: string };

const PARTS = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([a-z]+\d*)|([-+*/^():,;]))/iy;

/** The parts of a formula, or undefined when there is something in it that is none. */
export function tokensOf(formula: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const text = formula.trimEnd();
  let end = 0;
  while (end < text.length) {
    PARTS.lastIndex = end;
    const [whole, digits, name, sign] = PARTS.exec(text) ?? [];
    if (whole === undefined) {
      return undefined;
    }
    if (digits !== undefined) {
      tokens.push({ kind: 'number', value: Number(digits) });
    } else if (name !== undefined) {
      tokens.push({ kind: 'name', name: name.toUpperCase() });
    } else if (sign !== undefined) {
      tokens.push({ kind: 'sign', sign });
    }
    end += whole.length;
  }
  return tokens;
}
