import { type ReactElement, type ReactNode, useEffect, useId, useRef } from 'react';
import style from './dialog.module.css';

export interface DialogProps {
  readonly title: string;
  /** Called when the person wants it gone. Without it the dialog stays. */
  readonly onClose?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** A modal dialog, open for as long as it is there. The browser keeps the focus inside and returns it afterwards. */
export function Dialog({ title, onClose, children }: DialogProps): ReactElement {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={element}
      className={style.dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // Keys typed here are not meant for the surface behind.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={titleId} className={style.title}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}
