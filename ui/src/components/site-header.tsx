import type { ReactElement } from 'react';
import { Link } from 'wouter';
import style from './site-header.module.css';
import { ThemeButton } from './theme-button.tsx';
import { Wordmark } from './wordmark.tsx';

/** The head of pages that are about no project. */
export function SiteHeader(): ReactElement {
  return (
    <header className={style.header}>
      <Link href="/" className={style.home}>
        <Wordmark />
      </Link>
      <ThemeButton />
    </header>
  );
}
