/** Colours for people: each can be told from both themes' grounds and from its neighbours. */
export const COLORS = [
  { name: 'Raspberry', value: '#C8327C' },
  { name: 'Vermilion', value: '#DB3F2E' },
  { name: 'Ochre', value: '#A8700F' },
  { name: 'Moss', value: '#5B8A1F' },
  { name: 'Jade', value: '#218A5F' },
  { name: 'Lagoon', value: '#0E84A0' },
  { name: 'Cobalt', value: '#3E63DD' },
  { name: 'Violet', value: '#8E4EC6' },
] as const;

export type Color = (typeof COLORS)[number]['value'];

/** One of the colours, any. */
export function anyColor(random: () => number = Math.random): Color {
  return (COLORS[Math.floor(random() * COLORS.length)] ?? COLORS[0]).value;
}
