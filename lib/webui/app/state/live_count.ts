import { signal } from "@preact/signals";
import { list_sessions } from "../api/client";

/** How many sessions run now; null: not known. */
export const live_count = signal<number | null>(null);

// The number beside the link may lag; whoever watches the list sees the rows themselves.
const k_refresh_ms = 30_000;
const k_question = { status: "ACTIVE", page: "1", limit: "1" };

/** Asks anew; a list that learns the number anyway may set it without asking. */
export async function refresh_live_count(): Promise<void> {
  try {
    live_count.value = (await list_sessions(new URLSearchParams(k_question))).pagination.total;
  } catch {
    live_count.value = null;
  }
}

export function start_live_count(): void {
  void refresh_live_count();
  setInterval(() => document.visibilityState === "visible" && void refresh_live_count(), k_refresh_ms);
}
