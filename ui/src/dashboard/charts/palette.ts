import { useEffect, useState } from 'react';
import { theme } from '../../components/theme.ts';
import { useStored } from '../../stored.ts';

/** As many lines as can be told apart. */
export const MOST_LINES = 8;

/** The colour of a line, as CSS takes it. */
export const colorOf = (line: number): string => `var(--line-${(line % MOST_LINES) + 1})`;

/** Colours as a canvas takes them. */
export interface Palette {
  readonly lines: readonly string[];
  readonly ink: string;
  readonly grid: string;
}

/** The colours of the theme in which `element` is shown; undefined until it is. */
export function usePalette(element: HTMLElement | null): Palette | undefined {
  const chosen = useStored(theme);
  const isDark = useDarkMachine();
  const [palette, setPalette] = useState<Palette>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another theme the same names are other colours
  useEffect(() => {
    if (element) {
      setPalette({
        lines: Array.from({ length: MOST_LINES }, (_, line) => resolve(element, colorOf(line))),
        ink: resolve(element, 'var(--ink-soft)'),
        grid: resolve(element, 'var(--line)'),
      });
    }
  }, [element, chosen, isDark]);
  return palette;
}

/** A colour with variables, as the colour that it is here. */
function resolve(element: HTMLElement, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = color;
  element.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

function useDarkMachine(): boolean {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'));
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const look = () => setDark(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, [query]);
  return isDark;
}
