/** A place in the server's log, written "<epoch>-<n>". Numbers of two epochs cannot be compared. */
export interface Cursor {
  epoch: string;
  n: number;
}

export function parse_cursor(text: string | null): Cursor | null {
  const match = text === null ? null : /^(.+)-(\d+)$/.exec(text);
  return match ? { epoch: match[1]!, n: Number(match[2]) } : null;
}

/** Whether the event `id` is already contained in a snapshot taken at `cursor`. */
export function is_covered(id: string | null, cursor: string | null): boolean {
  const event = parse_cursor(id);
  const snapshot = parse_cursor(cursor);
  return event !== null && snapshot !== null && event.epoch === snapshot.epoch && event.n <= snapshot.n;
}

/** The one that lies earlier; null ("from now on") only when both are unknown. */
export function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return is_covered(a, b) ? a : b;
}
