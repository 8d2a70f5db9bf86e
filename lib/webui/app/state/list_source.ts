import { ApiError, list_sessions, search_sessions } from "../api/client";
import type { SearchMatch, Session } from "../api/types";
import { api_query, filter_query, type ListQuery } from "../core/url";
import { settings } from "./settings";

/** Where a search text was found in a session. */
export interface Found {
  hits: number;
  matches: readonly SearchMatch[];
}

/** One page of the list, by whichever way the server offers it. */
export interface ListAnswer {
  sessions: Session[];
  /** Null: more than the server cared to count. */
  total: number | null;
  has_next: boolean;
  cursor: string | null;
  /** By session id; null where the text was looked for in names and prompts alone. */
  found: ReadonlyMap<string, Found> | null;
}

async function by_list(query: ListQuery, signal: AbortSignal): Promise<ListAnswer> {
  const { sessions, pagination, streamCursor } = await list_sessions(api_query(query, Date.now(), settings.value.zone), signal);
  const has_next = query.page * query.limit < pagination.total;
  return { sessions, total: pagination.total, has_next, cursor: streamCursor, found: null };
}

// The search goes on from cursors, the address counts pages: the way to each page that was seen is kept.
const ways = new Map<string, string[]>();

async function by_search(query: ListQuery, signal: AbortSignal): Promise<ListAnswer> {
  const question = filter_query(query, Date.now(), settings.value.zone);
  question.delete("search");
  question.set("q", query.q);
  question.set("limit", String(query.limit));
  question.set("order", query.sort === "rank" ? "rank" : "newest");
  const way_key = JSON.stringify({ ...query, page: 0 });
  const cursors = query.page === 1 ? [] : (ways.get(way_key) ?? []);
  ways.set(way_key, cursors);
  for (let page = Math.min(query.page, cursors.length + 1); ; page++) {
    if (page > 1) question.set("cursor", cursors[page - 2]!);
    const { results, pagination } = await search_sessions(question, signal);
    if (pagination.nextCursor) cursors[page - 1] = pagination.nextCursor;
    if (page < query.page && pagination.nextCursor) continue;
    const shown = page === query.page ? results : [];
    return {
      sessions: shown.map(({ session }) => session),
      total: pagination.total,
      has_next: pagination.nextCursor !== null,
      cursor: null,
      found: new Map(shown.map(({ session, hits, matches }) => [session.id, { hits, matches }])),
    };
  }
}

/** Searching has an order of its own; sorted by figures, the list answers. */
export function is_search(query: ListQuery): boolean {
  return query.q !== "" && (query.sort === "rank" || (query.sort === "started" && query.order === "desc"));
}

export async function read_list(query: ListQuery, signal: AbortSignal): Promise<ListAnswer> {
  if (!is_search(query)) return by_list(query, signal);
  try {
    return await by_search(query, signal);
  } catch (error) {
    // A server without full-text search still looks through names and prompts.
    if (error instanceof ApiError && error.status === 404) return by_list(query, signal);
    throw error;
  }
}
