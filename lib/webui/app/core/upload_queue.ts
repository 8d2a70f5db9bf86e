// The files of the upload page, from drop to result. Pure: what runs is elsewhere.

import type { OnDuplicate, Problem, StoredSession, UploadEnd } from "../api/upload";
import { fault_line } from "./json_fault";

export type ItemState =
  | { kind: "pending" }
  | { kind: "checking" }
  | { kind: "uploading"; share: number }
  | { kind: "stored"; sessions: readonly StoredSession[]; format: string | null; problems: readonly Problem[] }
  /** Everything in it was there already, or contradicts what is there: the reader decides. */
  | { kind: "duplicate"; sessions: readonly StoredSession[]; format: string | null; problems: readonly Problem[] }
  | { kind: "failed"; text: string; problems: readonly Problem[]; may_retry: boolean };

export interface Item {
  id: number;
  name: string;
  size: number;
  on_duplicate: OnDuplicate;
  state: ItemState;
}

export interface Named {
  name: string;
  size: number;
}

export const k_at_a_time = 3;

const k_known = /\.(json|jsonl|ndjson|log|md|txt|zip)$/i;

/** Why a file need not be sent at all, or null. */
export function refusal(file: Named, most_bytes: number | null, bytes: (value: number) => string): string | null {
  if (file.size === 0) return "The file is empty.";
  if (most_bytes !== null && file.size > most_bytes) return `The file has ${bytes(file.size)}; the server takes at most ${bytes(most_bytes)}.`;
  return k_known.test(file.name) ? null : "This kind of file is not read here: .json, .jsonl, .ndjson, .log, .md, .txt and .zip are.";
}

const replace = (items: readonly Item[], id: number, change: (item: Item) => Item): readonly Item[] =>
  items.map((item) => (item.id === id ? change(item) : item));

export const with_state = (items: readonly Item[], id: number, state: ItemState): readonly Item[] =>
  replace(items, id, (item) => ({ ...item, state }));

const is_settled = ({ result }: StoredSession): boolean => result !== "unchanged" && result !== "conflict";

/** What the end of a transfer makes of a file. */
export function ended(end: UploadEnd): ItemState {
  if (end.kind === "lost") return { kind: "failed", text: end.text, problems: [], may_retry: true };
  if (end.kind === "refused") return { kind: "failed", text: end.text, problems: end.problems, may_retry: end.status !== 422 && end.status !== 413 };
  const { sessions, format, problems } = end.answer;
  const kind = sessions.length > 0 && !sessions.some(is_settled) ? "duplicate" : "stored";
  return { kind, sessions, format, problems };
}

/** Another try, with another wish for what is there already. */
export const again = (items: readonly Item[], id: number, on_duplicate: OnDuplicate): readonly Item[] =>
  replace(items, id, (item) => ({ ...item, on_duplicate, state: { kind: "pending" } }));

export const is_running = ({ state }: Item): boolean => state.kind === "uploading" || state.kind === "checking";

/** The files whose turn it is. */
export function next_up(items: readonly Item[]): readonly Item[] {
  const free = k_at_a_time - items.filter(is_running).length;
  return items.filter(({ state }) => state.kind === "pending").slice(0, Math.max(0, free));
}

export interface Sums {
  files: number;
  done: number;
  failed: number;
  stored: number;
  messages: number;
  unchanged: number;
}

export function sums(items: readonly Item[]): Sums {
  const sessions = items.flatMap(({ state }) => (state.kind === "stored" || state.kind === "duplicate" ? state.sessions : []));
  const settled = sessions.filter(is_settled);
  return {
    files: items.length,
    done: items.filter(({ state }) => state.kind === "stored" || state.kind === "duplicate").length,
    failed: items.filter(({ state }) => state.kind === "failed").length,
    stored: settled.length,
    messages: settled.reduce((sum, { added }) => sum + added, 0),
    unchanged: sessions.length - settled.length,
  };
}

/** Where a JSON document breaks off, or null when it is sound. Other kinds of file the server knows better. */
export function json_problem(name: string, text: string): Problem | null {
  if (!/\.json$/i.test(name)) return null;
  try {
    JSON.parse(text);
    return null;
  } catch {
    return { line: fault_line(text), reason: "This is not JSON." };
  }
}
