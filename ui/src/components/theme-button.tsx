import { Monitor, Moon, Sun } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStored } from '../stored.ts';
import { IconButton } from './icon-button.tsx';
import { THEMES, theme } from './theme.ts';

const ICONS = { system: Monitor, light: Sun, dark: Moon };

/** Goes through the themes. */
export function ThemeButton(): ReactElement {
  const current = useStored(theme);
  const next = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? 'system';
  const Icon = ICONS[current];
  const label = `Theme: ${current}. Change to ${next}`;
  return <IconButton icon={Icon} label={label} onClick={() => theme.set(next)} />;
}
