import { useEffect } from 'react';
import type { Edits } from './edits.ts';

/** Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y), with Command on a Mac, wherever nothing is being typed. */
export function useUndoKeys(edits: Edits | undefined): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement &&
        event.target.matches('input, textarea, [contenteditable="true"]');
      if (!edits || isTyping || !(event.ctrlKey || event.metaKey) || event.altKey) {
        return;
      }
      const key = event.key.toLowerCase();
      if (key === 'z' || key === 'y') {
        event.preventDefault();
        const isRedo = key === 'y' || event.shiftKey;
        isRedo ? edits.history.redo() : edits.history.undo();
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [edits]);
}
