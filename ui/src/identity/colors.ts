/** Colours for people: each can be told from both themes' grounds and from its neighbours. */
export const COLORS = [
  { name: 'Raspberry', value: '#C8327C' },
  { name: 'Vermilion', value: '#D13B2A' },
  { name: 'Ochre', value: '#A0690D' },
  { name: 'Moss', value: '#527D1B' },
  { name: 'Jade', value: '#1F855B' },
  { name: 'Lagoon', value: '#0D7E99' },
  { name: 'Cobalt', value: '#3E63DD' },
  { name: 'Violet', value: '#8E4EC6' },
] as const;

export type Color = (typeof COLORS)[number]['value'];

/** One of the colours, any. */
export function anyColor(random: () => number = Math.random): Color {
  return (COLORS[Math.floor(random() * COLORS.length)] ?? COLORS[0]).value;
}
