import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "./button";

interface Props {
  title: string;
  close(): void;
  children: ComponentChildren;
  /** "sheet": along an edge, for what is a column on a wide screen. */
  shape?: "box" | "sheet" | "wide";
  /** Hides the title, which then only names the dialog. */
  untitled?: boolean;
}

let title_count = 0;

/** A modal dialog: the browser keeps the focus in it, closes it with Esc and gives the focus back. */
export function Dialog({ title, close, children, shape = "box", untitled = false }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const title_id = useRef(`dialog-${++title_count}`);
  // At once: a key that comes before the next frame is meant for the dialog.
  useLayoutEffect(() => {
    const dialog = element.current!;
    const trigger = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (trigger instanceof HTMLElement && trigger.isConnected) trigger.focus({ preventScroll: true });
    };
  }, []);
  const on_cancel = (event: Event) => {
    event.preventDefault();
    close();
  };
  // The ground outside is the dialog element itself; what it holds is in the frame.
  const on_click = (event: MouseEvent) => event.target === element.current && close();
  return (
    <dialog ref={element} class={shape === "box" ? "dialog" : `dialog ${shape}`} aria-labelledby={title_id.current} onCancel={on_cancel} onClick={on_click}>
      <div class="dialog-frame">
        <header class={untitled ? "unseen" : "dialog-head"}>
          <h2 id={title_id.current}>{title}</h2>
          {!untitled && <Button icon="close" kind="quiet" label="Close" onClick={close} />}
        </header>
        {children}
      </div>
    </dialog>
  );
}
