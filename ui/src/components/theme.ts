import { createStored } from '../stored.ts';

/** `system` is whatever the person's machine says. */
export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export const theme = createStored<Theme>(
  'localStorage',
  'collabd.theme',
  (text) => THEMES.find((known) => known === text) ?? 'system',
  (value) => value,
);

/** Shows the page in the theme, now and whenever it is another one. */
export function followTheme(root: HTMLElement): void {
  const show = (): void => {
    root.dataset.theme = theme.get();
  };
  show();
  theme.subscribe(show);
}
