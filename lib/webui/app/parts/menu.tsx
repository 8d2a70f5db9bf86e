import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";

export interface MenuItem {
  text: string;
  icon?: IconName;
  /** A link is followed, and may be opened in a tab of its own. */
  href?: string;
  download?: boolean;
  checked?: boolean;
  danger?: boolean;
  run?(): void;
}

interface Props {
  label: string;
  icon?: IconName;
  items: readonly MenuItem[];
  children?: ComponentChildren;
  align?: "start" | "end";
}

const k_steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

function Item({ item, close }: { item: MenuItem; close(): void }) {
  const kind = { role: item.checked === undefined ? "menuitem" : "menuitemradio", "aria-checked": item.checked } as const;
  const body = (
    <>
      {item.icon ? <Icon name={item.icon} /> : <span class="icon" />}
      <span>{item.text}</span>
      {item.checked && <Icon name="check" />}
    </>
  );
  const look = item.danger ? "bad" : undefined;
  if (item.href) {
    return (
      <a {...kind} class={look} tabIndex={-1} href={item.href} download={item.download} onClick={close}>
        {body}
      </a>
    );
  }
  const run = () => {
    close();
    item.run?.();
  };
  return (
    <button {...kind} class={look} type="button" tabIndex={-1} onClick={run}>
      {body}
    </button>
  );
}

/** A button that opens a list of things to do. Arrow keys move in it, Esc and a click elsewhere close it. */
export function Menu({ label, icon, items, children, align = "end" }: Props) {
  const [open, set_open] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const entries = () => [...root.current!.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const close = (give_back = true) => {
    set_open(false);
    if (give_back) root.current?.querySelector("button")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    (entries().find((entry) => entry.ariaChecked === "true") ?? entries()[0])?.focus();
    const elsewhere = (event: Event) => !root.current?.contains(event.target as Node) && close(false);
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
    };
  }, [open]);
  const on_key = (event: KeyboardEvent) => {
    const step = k_steps[event.key];
    if (!open || (step === undefined && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    if (step === undefined) return close();
    const list = entries();
    const at = list.indexOf(document.activeElement as HTMLElement);
    list[(at + step + list.length) % list.length]?.focus();
  };
  return (
    <div class="menu" ref={root} onKeyDown={on_key}>
      <button
        type="button"
        class={`button quiet${children ? "" : " bare"}`}
        aria-label={children ? undefined : label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => set_open(!open)}
      >
        {icon && <Icon name={icon} />}
        {children && <span>{children}</span>}
        {children && <span class="caret" aria-hidden="true" />}
      </button>
      {open && (
        <div class={`menu-list ${align}`} role="menu" aria-label={label}>
          {items.map((item) => (
            <Item key={item.text} item={item} close={() => close(item.href === undefined)} />
          ))}
        </div>
      )}
    </div>
  );
}
