import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";

interface Props {
  label: string;
  icon?: IconName;
  /** Something is chosen in it. */
  chosen?: boolean;
  align?: "start" | "end";
  text: ComponentChildren;
  children: (close: () => void) => ComponentChildren;
}

/** A button that opens a small panel beside it. Esc and a click elsewhere close it. */
export function Popover({ label, icon, chosen = false, align = "start", text, children }: Props) {
  const [open, set_open] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const close = () => {
    set_open(false);
    root.current?.querySelector("button")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>(".popover-panel :is(input, button, a, select)")?.focus();
    const elsewhere = (event: Event) => !root.current?.contains(event.target as Node) && set_open(false);
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
    };
  }, [open]);
  const on_key = (event: KeyboardEvent) => {
    if (!open || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  return (
    <div class="popover" ref={root} onKeyDown={on_key}>
      <button type="button" class={`button filter${chosen ? " chosen" : ""}`} aria-expanded={open} onClick={() => set_open(!open)}>
        {icon && <Icon name={icon} />}
        <span>{text}</span>
        <span class="caret" aria-hidden="true" />
      </button>
      {open && (
        <div class={`popover-panel ${align}`} role="group" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
