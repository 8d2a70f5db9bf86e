import { signal } from "@preact/signals";

/** Ids of the sessions that are ticked, and the one that was ticked last. */
export interface Selection {
  ids: ReadonlySet<string>;
  anchor: string | null;
}

export const k_none: Selection = { ids: new Set(), anchor: null };
export const selection = signal<Selection>(k_none);

/** Ticks or unticks one; with `range` all from the last one that was ticked. */
export function select(before: Selection, id: string, order: readonly string[], range: boolean): Selection {
  const ids = new Set(before.ids);
  const [from, to] = [before.anchor === null ? -1 : order.indexOf(before.anchor), order.indexOf(id)];
  if (range && from !== -1 && to !== -1) {
    for (const other of order.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(other);
    return { ids, anchor: id };
  }
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}
