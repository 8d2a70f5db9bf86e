import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export type OverlayName = "palette" | "help";

interface OverlayProps {
  close(): void;
  /** What was typed since it was asked for. */
  typed: string;
}

const k_overlays: Record<OverlayName, () => Promise<ComponentType<OverlayProps>>> = {
  palette: async () => (await import("./overlays")).Palette,
  help: async () => (await import("./overlays")).Help,
};

/** Keeps from the page what is meant for something that is still being read; Esc calls it off. */
function useHeldKeys(is_waiting: boolean, close: () => void) {
  const typed = useRef("");
  useLayoutEffect(() => {
    if (!is_waiting) return;
    typed.current = "";
    const hold = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === "Escape") close();
      else if (event.key === "Backspace") typed.current = typed.current.slice(0, -1);
      else if (event.key.length === 1) typed.current += event.key;
    };
    window.addEventListener("keydown", hold, true);
    return () => window.removeEventListener("keydown", hold, true);
  }, [is_waiting]);
  return typed;
}

/** What lies over any page; read when it is first opened. */
export function Overlay({ name, close }: { name: OverlayName; close(): void }) {
  const [found, set_found] = useState<{ name: OverlayName; Body: ComponentType<OverlayProps> } | null>(null);
  const is_here = found?.name === name;
  const typed = useHeldKeys(!is_here, close);
  useEffect(() => {
    k_overlays[name]().then((Body) => set_found({ name, Body }), close);
  }, [name]);
  return is_here ? <found.Body close={close} typed={typed.current} /> : null;
}
