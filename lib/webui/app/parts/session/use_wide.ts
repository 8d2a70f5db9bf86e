import { useEffect, useState } from "preact/hooks";

/** Whether the window is at least this wide. */
export function useWide(px: number): boolean {
  const query = `(min-width: ${px}px)`;
  const [wide, set_wide] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const on_change = () => set_wide(list.matches);
    list.addEventListener("change", on_change);
    return () => list.removeEventListener("change", on_change);
  }, [query]);
  return wide;
}
