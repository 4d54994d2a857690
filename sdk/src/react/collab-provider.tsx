import type { ReactElement, ReactNode } from 'react';
import type { Project } from '../project.ts';
import { CollabContext } from './context.ts';
import { type ConnectedProjectOptions, useConnectedProject } from './use-connected-project.ts';

/** Either a project that somebody else connects and closes, or how to connect one for as long as the provider is there. */
export type CollabProviderProps = { readonly children?: ReactNode } & (
  | { readonly project: Project }
  | (ConnectedProjectOptions & { readonly project?: undefined })
);

/** Gives the components inside a project. */
export function CollabProvider(props: CollabProviderProps): ReactElement {
  if (props.project) {
    return <CollabContext.Provider value={props.project}>{props.children}</CollabContext.Provider>;
  }
  return <Connected {...props} />;
}

function Connected({
  children,
  ...options
}: ConnectedProjectOptions & { readonly children?: ReactNode }): ReactElement {
  return <CollabContext.Provider value={useConnectedProject(options)}>{children}</CollabContext.Provider>;
}
