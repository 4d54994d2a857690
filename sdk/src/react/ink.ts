const DARK = '#111111';
const LIGHT = '#FFFFFF';

/** The text colour, dark or light, that can be read better on `color`, which is `#RGB` or `#RRGGBB`. */
export function inkOn(color: string): string {
  const brightness = luminance(color);
  // The ratios of WCAG 2: (lighter + 0.05) / (darker + 0.05).
  return (1 + 0.05) / (brightness + 0.05) >= (brightness + 0.05) / (luminance(DARK) + 0.05) ? LIGHT : DARK;
}

/** The relative luminance of WCAG 2, from 0 (black) to 1 (white). */
function luminance(color: string): number {
  const digits =
    color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit) : color.match(/[^#]{2}/g);
  const [red = 0, green = 0, blue = 0] = (digits ?? []).map((pair) =>
    linear(Number.parseInt(pair, 16) / 255),
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
