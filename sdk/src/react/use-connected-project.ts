import { useEffect, useState } from 'react';
import { connect } from '../connect.ts';
import type { DocumentsExtension } from '../extension.ts';
import type { ConnectOptions } from '../options.ts';
import type { Project } from '../project.ts';
import { useLatest } from './use-latest.ts';

/** How to connect, and with which documents. */
export type ConnectedProjectOptions = ConnectOptions & {
  readonly documents?: DocumentsExtension<unknown> | undefined;
};

/**
 * A project that is joined while the component is there. Joins anew when the server, the project or the user is another
 * one, and with a token of another kind. A fixed token that changes is brought to the server on the open connection.
 * `WebSocket` and `documents` count once.
 */
export function useConnectedProject(options: ConnectedProjectOptions): Project | undefined {
  const [project, setProject] = useState<Project>();
  const latest = useLatest(options);
  const { url, projectId, cursorInterval, followsPage, idleAfter } = options;
  const { id, name, color, isAgent } = options.user;
  const fixedToken = typeof options.token === 'string' ? options.token : undefined;
  const tokenKind = typeof options.token;

  useEffect(() => {
    const { documents, WebSocket, token } = latest.current;
    const joined = connect({
      url,
      projectId,
      cursorInterval,
      followsPage,
      idleAfter,
      user: { id, name, color, isAgent },
      token: tokenKind === 'function' ? () => currentToken(latest.current) : token,
      WebSocket,
      ...(documents && { documents }),
    });
    setProject(joined);
    return () => joined.close();
  }, [url, projectId, cursorInterval, followsPage, idleAfter, id, name, color, isAgent, tokenKind, latest]);

  useEffect(() => {
    // Also right after the connect, when it changes nothing: a session that has not joined tells no token.
    if (fixedToken !== undefined) {
      project?.refreshToken(fixedToken).catch(() => {});
    }
  }, [project, fixedToken]);

  return project;
}

async function currentToken({ token }: ConnectOptions): Promise<string> {
  return typeof token === 'function' ? token() : (token ?? '');
}
