import { get_session, list_messages, list_notes, messages_at, request, type Window } from "./client";
import type { MessagePage, Note, SessionHead } from "./types";

/** Where a page reads one session from: the session itself, or what a link lets guests see of it. */
export interface SessionSource {
  head(signal: AbortSignal): Promise<SessionHead>;
  messages(window: Window, signal: AbortSignal): Promise<MessagePage>;
  notes(signal: AbortSignal): Promise<{ notes: Note[] }>;
}

export function source_of(id: string): SessionSource {
  return {
    head: (signal) => get_session(id, signal),
    messages: (window, signal) => list_messages(id, window, signal),
    notes: (signal) => list_notes(id, signal),
  };
}

export type SharedHead = SessionHead & { share: { mode: "live" | "frozen"; expiresAt: string | null } };

export const shared_path = (token: string): string => `/api/share/${encodeURIComponent(token)}`;

export function get_shared(token: string, signal?: AbortSignal): Promise<SharedHead> {
  return request(shared_path(token), {}, signal);
}

/** Guests see no notes: those tell of the machine. */
export function shared_source(token: string): SessionSource {
  return {
    head: (signal) => get_shared(token, signal),
    messages: (window, signal) => messages_at(shared_path(token), window, signal),
    notes: async () => ({ notes: [] }),
  };
}
