import { AvatarStack, useOthers, useSelf } from '@collabd/sdk/react';
import { PanelLeft } from 'lucide-react';
import type { MouseEvent, ReactElement } from 'react';
import { Link } from 'wouter';
import type { ProjectInfo } from '../api/projects.ts';
import { ThemeButton } from '../components/theme-button.tsx';
import { Wordmark } from '../components/wordmark.tsx';
import { hasUnsaved } from '../documents/unsaved.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import style from './top-bar.module.css';

export interface TopBarProps {
  readonly project: ProjectInfo;
  readonly isDrawerOpen: boolean;
  readonly toggleDrawer: () => void;
}

/** Which project this is, who is here, and how the connection is. */
export function TopBar({ project, isDrawerOpen, toggleDrawer }: TopBarProps): ReactElement {
  return (
    <header className={style.bar}>
      <button
        type="button"
        className={`icon-button ${style.drawer}`}
        aria-label="Documents and people"
        aria-expanded={isDrawerOpen}
        onClick={toggleDrawer}
      >
        <PanelLeft size={20} aria-hidden="true" />
      </button>
      <Link href="/" className={style.home} aria-label="collabd: all projects" onClick={stayIfUnsaved}>
        <Wordmark />
      </Link>
      <h1 className={style.name}>{project.name}</h1>
      <ConnectionBadge />
      <Here />
      <ThemeButton />
    </header>
  );
}

/** Outside of the project nothing is kept that has not been saved. */
function stayIfUnsaved(event: MouseEvent): void {
  if (hasUnsaved() && !confirm('Some of what you did is not saved yet. Leave all the same?')) {
    event.preventDefault();
  }
}

function Here(): ReactElement {
  const count = useOthers().length + (useSelf() ? 1 : 0);
  return (
    <div className={style.here}>
      <AvatarStack max={4} size={30} />
      <span className={style.count} data-testid="count">
        {count}
        <span className={style.word}> here</span>
      </span>
    </div>
  );
}
