import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { token } from '../access/token.ts';
import { TokenForm } from '../access/token-form.tsx';
import { ApiError, wordsFor } from '../api/graphql.ts';
import type { Query } from '../api/use-query.ts';
import { Message } from '../components/message.tsx';
import { SiteHeader } from '../components/site-header.tsx';

/** There is no such project. */
export function Missing(): ReactElement {
  return (
    <Page title="There is no such project">
      <p className="note">It was deleted, or the address has a mistake in it.</p>
      <ToProjects />
    </Page>
  );
}

/** The project cannot be shown, for the reason in `error`. */
export function Unavailable({ error, refresh }: Pick<Query<unknown>, 'error' | 'refresh'>): ReactElement {
  const code = error instanceof ApiError ? error.code : undefined;
  if (code === 'UNAUTHENTICATED') {
    return (
      <Page title={token.get() ? 'Your access token is not accepted' : 'This project needs an access token'}>
        <p className="note">
          {token.get()
            ? 'It has expired, or it is not for this server. Ask whoever gave it to you for a fresh one.'
            : 'Paste the one that you were given.'}
        </p>
        <TokenForm action="Continue" />
        <ToProjects />
      </Page>
    );
  }
  if (code === 'FORBIDDEN') {
    return (
      <Page title="This project is not open to you">
        <p className="note">Your access token is not for it, or there is no such project.</p>
        <TokenForm action="Try another token" />
        <ToProjects />
      </Page>
    );
  }
  return (
    <Page title="The project cannot be opened">
      <p className="note">{wordsFor(error)}</p>
      <button type="button" className="button" data-kind="primary" onClick={() => void refresh()}>
        Try again
      </button>
      <ToProjects />
    </Page>
  );
}

function Page({ title, children }: { title: string; children: React.ReactNode }): ReactElement {
  return (
    <>
      <SiteHeader />
      <main>
        <Message title={title} isAlert>
          {children}
        </Message>
      </main>
    </>
  );
}

function ToProjects(): ReactElement {
  return (
    <Link href="/" className="button" data-kind="quiet">
      All projects
    </Link>
  );
}
