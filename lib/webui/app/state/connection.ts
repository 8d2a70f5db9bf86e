import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { StreamState } from "../api/stream";

/** The live news of the page that is open, as the top bar shows it. Null: the page has none. */
export interface Connection {
  state: StreamState;
  /** The reader has stopped the page from moving. */
  paused: boolean;
  last_event_at: number | null;
  retry(): void;
}

export const connection = signal<Connection | null>(null);

export function useConnection(now: Connection | null): void {
  const { state, paused, last_event_at } = now ?? { state: null, paused: false, last_event_at: null };
  useEffect(() => {
    connection.value = now;
  }, [state, paused, last_event_at]);
  useEffect(() => () => void (connection.value = null), []);
}
