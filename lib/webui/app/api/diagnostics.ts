import { request, send } from "./client";

export type Level = "ok" | "warn" | "error";

export interface Check {
  id: string;
  name: string;
  state: Level;
  value: string;
  hint: string | null;
}

export interface FoundAgent {
  type: string;
  name: string;
  command: string;
  installed: boolean;
  version: string | null;
  path: string | null;
  docsUrl: string | null;
}

export interface Diagnostics {
  status: Level;
  sentence: string;
  checks: readonly Check[];
  agents: readonly FoundAgent[];
  environment: readonly { name: string; value: string | null }[];
  configuration: readonly { key: string; value: string | null; origin: string | null }[];
  sse: { subscribers: number; behind: number; droppedSlow: number; bytesQueued: number };
  database: { kind: string; bytes: number | null; walBytes: number | null; freeBytes: number | null; sessions: number | null; messages: number | null; latencyMs: number };
  ingest: { eventsPerSecond: number | null; lastAt: string | null; rejected: Readonly<Record<string, number>> };
  serverTime: string;
  uptimeSeconds: number;
  version: string;
}

/** `anew`: the server asks the agents for their versions again, which takes seconds. */
export function get_diagnostics(anew: boolean, signal?: AbortSignal): Promise<Diagnostics> {
  return request(`/api/diagnostics${anew ? "?refresh=1" : ""}`, {}, signal);
}

/** Asks the server to send a frame with this nonce to every open stream. */
export function ping_streams(nonce: string): Promise<unknown> {
  return send("POST", "/api/realtime/ping", { nonce });
}
