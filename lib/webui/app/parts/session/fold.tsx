import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../icon";

// What the reader opened or closed, kept while the row is scrolled away.
const chosen = new Map<string, boolean>();

export function useFold(id: string, initially_open: boolean): [boolean, () => void] {
  const [open, set_open] = useState(chosen.get(id) ?? initially_open);
  const toggle = () => {
    chosen.set(id, !open);
    set_open(!open);
  };
  return [open, toggle];
}

interface Props {
  id: string;
  initially_open: boolean;
  title: ComponentChildren;
  class?: string;
  children: () => ComponentChildren;
}

/** A line that opens to more. */
export function Fold({ id, initially_open, title, class: look = "", children }: Props) {
  const [open, toggle] = useFold(id, initially_open);
  return (
    <div class={`fold ${look}`}>
      <button type="button" class="fold-head" aria-expanded={open} data-fold onClick={toggle}>
        <Icon name="chevron" />
        {title}
      </button>
      {open && <div class="fold-body">{children()}</div>}
    </div>
  );
}
