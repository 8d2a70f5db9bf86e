import { base } from "./base";
import { request } from "./client";
import type { ErrorBody } from "./types";

export type OnDuplicate = "skip" | "keep_both" | "replace";

export interface StoredSession {
  conversationId: string;
  name: string | null;
  result: "new" | "unchanged" | "grown" | "conflict" | "replaced" | "kept_both";
  messages: number;
  added: number;
}

export interface Problem {
  /** From 1; null or 0: the file as a whole. */
  line: number | null;
  reason: string;
}

export interface UploadAnswer {
  file: string;
  format: string | null;
  sessions: readonly StoredSession[];
  problems: readonly Problem[];
}

/** `lost`: the server was not reached or gave no usable answer; the same file may go in later. */
export type UploadEnd =
  | { kind: "stored"; answer: UploadAnswer }
  | { kind: "refused"; status: number; text: string; problems: readonly Problem[] }
  | { kind: "lost"; text: string };

function json_of(text: string): Partial<UploadAnswer & ErrorBody> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function end_of(status: number, text: string): UploadEnd {
  const body = json_of(text);
  if (status === 200 && Array.isArray(body.sessions)) return { kind: "stored", answer: { problems: [], ...body } as UploadAnswer };
  if (status === 0 || status >= 500 || status === 429) return { kind: "lost", text: body.message ?? body.error ?? (status ? `The server answered ${status}.` : "The server cannot be reached.") };
  return { kind: "refused", status, text: body.message ?? body.error ?? `The server answered ${status}.`, problems: body.problems ?? [] };
}

/** Sends one file; fetch() cannot tell how far it is, hence XMLHttpRequest. Returns what stops it. */
export function upload_file(
  file: File,
  on_duplicate: OnDuplicate,
  on_progress: (share: number) => void,
  on_end: (end: UploadEnd) => void,
): () => void {
  const query = new URLSearchParams({ name: file.name, on_duplicate, format: "auto" });
  const exchange = new XMLHttpRequest();
  exchange.open("POST", `${base}/api/upload?${query}`);
  exchange.setRequestHeader("Content-Type", "application/octet-stream");
  exchange.upload.onprogress = (event) => event.lengthComputable && on_progress(event.loaded / event.total);
  exchange.onload = () => on_end(end_of(exchange.status, exchange.responseText));
  exchange.onerror = () => on_end(end_of(0, ""));
  exchange.send(file);
  return () => exchange.abort();
}

export interface Limits {
  upload_bytes?: number;
  event_bytes?: number;
  content_bytes?: number;
}

export interface Health {
  version: string;
  limits: Limits;
}

export function get_health(signal?: AbortSignal): Promise<Health> {
  return request("/api/health", {}, signal);
}
