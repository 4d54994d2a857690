import { useProject } from '@collabd/sdk/react';
import { useEffect } from 'react';

/** Milliseconds without a movement or a key after which somebody counts as idle. */
const IDLE_MS = 120_000;

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;

/** Tells others whether one does anything. (A page that nobody sees is `away` by itself.) */
export function useIdleStatus(): void {
  const project = useProject();

  useEffect(() => {
    if (!project) {
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isIdle = false;
    const active = () => {
      if (isIdle) {
        isIdle = false;
        project.setStatus('active');
      }
      clearTimeout(timer);
      timer = setTimeout(() => {
        isIdle = true;
        project.setStatus('idle');
      }, IDLE_MS);
    };
    active();
    for (const sign of SIGNS) {
      addEventListener(sign, active, { passive: true, capture: true });
    }
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS) {
        removeEventListener(sign, active, { capture: true });
      }
    };
  }, [project]);
}
