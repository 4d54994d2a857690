import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { ThemeButton } from '../components/theme-button.tsx';
import { Wordmark } from '../components/wordmark.tsx';
import style from './dashboard.module.css';
import { FeedBadge } from './feed/feed-badge.tsx';

/** The head of the dashboard. It leads to nothing but the dashboard: for operators, there may be nothing else. */
export function DashboardHeader(): ReactElement {
  return (
    <header className={style.header}>
      <Link href="/dashboard" className={style.home} aria-label="collabd dashboard">
        <Wordmark />
      </Link>
      <div className={style.tools}>
        <FeedBadge />
        <ThemeButton />
      </div>
    </header>
  );
}
