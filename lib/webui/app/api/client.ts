import { base } from "./base";
import { Cache } from "./cache";
import type {
  ErrorBody, Facets, FindPage, MessagePage, NewShare, Note, OutlinePage, Rights, SearchPage, Session, SessionHead, SessionList, Share,
} from "./types";

/** Why a request gave no answer one can use. `status` 0: the server was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }
}

const k_timeout_ms = 30_000;

/** Aborts when the caller does or when the time is over. */
function bounded(signal: AbortSignal | undefined): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, k_timeout_ms);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    done: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}

async function error_of(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Partial<ErrorBody>;
  return new ApiError(
    response.status,
    body.message ?? body.error ?? `The server answered ${response.status}.`,
    body.request_id ?? response.headers.get("x-request-id"),
  );
}

type Read<T> = (response: Response) => Promise<T>;

async function exchange<T>(path: string, init: RequestInit, caller: AbortSignal | undefined, read: Read<T>): Promise<T> {
  const { signal, done } = bounded(caller);
  try {
    const response = await fetch(base + path, {
      ...init,
      signal,
      headers: { Accept: "application/json", ...init.headers },
    });
    if (!response.ok && response.status !== 304) throw await error_of(response);
    return await read(response);
  } catch (error) {
    if (error instanceof ApiError || caller?.aborted) throw error;
    throw new ApiError(0, "The server cannot be reached.");
  } finally {
    done();
  }
}

/** Any request for JSON; see the functions below for the ones that pages share. */
export function request<T>(path: string, init: RequestInit = {}, caller?: AbortSignal): Promise<T> {
  return exchange(path, init, caller, (response) => response.json() as Promise<T>);
}

/** A request that carries JSON. */
export function send<T>(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T> {
  const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  return request(path, { method, ...content });
}

const cache = new Cache();

export const peek_cached = <T>(path: string) => cache.peek<T>(path);

/** A GET whose last answer is kept. */
export function get_cached<T>(path: string, caller?: AbortSignal): Promise<T> {
  const init = { headers: cache.headers(path), cache: "no-store" } as const;
  return exchange(path, init, caller, (response) => cache.take<T>(path, response, Date.now()));
}

export const k_page_size = 200;

/** Which messages: after or before a sequence number, around one, or from an end. */
export type Window =
  | { after_seq: number }
  | { before_seq: number }
  | { around: number }
  | { from: "start" }
  | { from: "end" };

function window_query(window: Window): Record<string, string> {
  if ("from" in window) return { order: window.from === "end" ? "desc" : "asc" };
  if ("before_seq" in window) return { before_seq: String(window.before_seq), order: "desc" };
  if ("after_seq" in window) return { after_seq: String(window.after_seq), order: "asc" };
  return { around: String(window.around) };
}

const session_path = (id: string) => `/api/sessions/${encodeURIComponent(id)}`;

export function list_sessions(query: URLSearchParams, signal?: AbortSignal): Promise<SessionList> {
  return request(`/api/sessions?${query}`, {}, signal);
}

export function get_session(id: string, signal?: AbortSignal): Promise<SessionHead> {
  return request(session_path(id), {}, signal);
}

/** The messages below the address of a session, or of a link to one. */
export function messages_at(path: string, window: Window, signal?: AbortSignal): Promise<MessagePage> {
  const query = new URLSearchParams({ limit: String(k_page_size), ...window_query(window) });
  return request(`${path}/messages?${query}`, {}, signal);
}

export function list_messages(id: string, window: Window, signal?: AbortSignal): Promise<MessagePage> {
  return messages_at(session_path(id), window, signal);
}

export function list_notes(id: string, signal?: AbortSignal): Promise<{ notes: Note[] }> {
  return request(`${session_path(id)}/notes`, {}, signal);
}

export function search_sessions(query: URLSearchParams, signal?: AbortSignal): Promise<SearchPage> {
  return request(`/api/search?${query}`, {}, signal);
}

export function get_facets(signal?: AbortSignal): Promise<Facets> {
  return get_cached("/api/sessions/facets", signal);
}

export function get_outline(id: string, after_seq: number, limit: number, signal?: AbortSignal): Promise<OutlinePage> {
  const query = new URLSearchParams({ after_seq: String(after_seq), limit: String(limit) });
  return request(`${session_path(id)}/outline?${query}`, {}, signal);
}

export function find_in_session(id: string, text: string, signal?: AbortSignal): Promise<FindPage> {
  return request(`${session_path(id)}/find?${new URLSearchParams({ q: text, limit: "1000" })}`, {}, signal);
}

export function rename_session(id: string, name: string): Promise<Session> {
  return send("PATCH", session_path(id), { name });
}

export function delete_sessions(ids: readonly string[]): Promise<{ deleted: number }> {
  return ids.length === 1 ? send("DELETE", session_path(ids[0]!)) : send("POST", "/api/sessions/delete", { ids });
}

export function share_session(id: string, mode: Share["mode"], expires_in_s: number | null): Promise<NewShare> {
  return send("POST", `${session_path(id)}/share`, { mode, expiresIn: expires_in_s });
}

export function list_shares(id: string): Promise<{ shares: Share[] }> {
  return request(`${session_path(id)}/shares`);
}

export function revoke_share(id: string): Promise<unknown> {
  return send("DELETE", `/api/shares/${encodeURIComponent(id)}`);
}

export function get_rights(): Promise<Rights> {
  return request("/api/session");
}

/** Address of a download; a plain link, so that the browser needs no memory for the file. */
export function export_address(id: string, query: Record<string, string>): string {
  return `${base}${session_path(id)}/export?${new URLSearchParams(query)}`;
}

export function list_export_address(query: URLSearchParams): string {
  return `${base}/api/sessions/export?${query}`;
}

export function sign_out(): Promise<unknown> {
  return send("POST", "/api/signout");
}

export function sign_in(api_key: string): Promise<unknown> {
  return send("POST", "/api/signin", { api_key });
}
