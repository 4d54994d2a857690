import { act, type ReactNode, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';

declare global {
  /** Tells React that updates are wrapped in `act`. */
  var IS_REACT_ACT_ENVIRONMENT: boolean;
}

const roots = new Set<Root>();

/** A page with React in strict mode, which mounts everything twice. */
export interface Page {
  readonly element: HTMLElement;
  render(node: ReactNode): Promise<void>;
  unmount(): Promise<void>;
}

export async function render(node: ReactNode): Promise<Page> {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  const element = document.body.appendChild(document.createElement('div'));
  const root = createRoot(element);
  roots.add(root);
  const page: Page = {
    element,
    render: (next) => act(async () => root.render(<StrictMode>{next}</StrictMode>)),
    async unmount() {
      await act(async () => root.unmount());
      roots.delete(root);
    },
  };
  await page.render(node);
  return page;
}

/** Takes away everything that was rendered. */
export async function cleanUp(): Promise<void> {
  await act(async () => {
    for (const root of roots) {
      root.unmount();
    }
  });
  roots.clear();
  document.body.replaceChildren();
}

/** Does something that changes what is rendered. */
export async function change(doing: () => void): Promise<void> {
  await act(async () => doing());
}
