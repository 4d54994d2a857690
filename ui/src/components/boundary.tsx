import { Component, type ReactNode } from 'react';
import { Message } from './message.tsx';

export interface BoundaryProps {
  readonly children: ReactNode;
}

/** Keeps a fault to the part of the page that it is in. Most often that part is of a version that the server has no more. */
export class Boundary extends Component<BoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) {
      return this.props.children;
    }
    return (
      <Message title="This could not be shown" isAlert>
        <p className="note">The page may be older than the server. What is saved is not affected.</p>
        <button type="button" className="button" data-kind="primary" onClick={() => location.reload()}>
          Load the page again
        </button>
      </Message>
    );
  }
}
