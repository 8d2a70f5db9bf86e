import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export type OverlayName = "palette" | "help";

interface OverlayProps {
  close(): void;
}

const k_overlays: Record<OverlayName, () => Promise<ComponentType<OverlayProps>>> = {
  palette: async () => (await import("./palette")).Palette,
  help: async () => (await import("./help")).Help,
};

/** What lies over any page; read when it is first opened. */
export function Overlay({ name, close }: { name: OverlayName; close(): void }) {
  const [found, set_found] = useState<{ name: OverlayName; Body: ComponentType<OverlayProps> } | null>(null);
  useEffect(() => {
    k_overlays[name]().then((Body) => set_found({ name, Body }), close);
  }, [name]);
  return found?.name === name ? <found.Body close={close} /> : null;
}
