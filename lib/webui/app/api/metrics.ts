import { request } from "./client";
import type { Session } from "./types";

/** Sums over a stretch of time. */
export interface Figures {
  sessions: number;
  messages: number;
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  /** US dollars as agents reported them; what the price table makes of the rest. */
  cost: number | null;
  estimatedCost: number | null;
  /** Milliseconds. */
  latencyP50: number | null;
  latencyP95: number | null;
  errors: number;
}

export interface Point extends Figures {
  /** Where its stretch of time begins. */
  t: string;
}

export interface Group {
  key: string | null;
  points: readonly Point[];
}

export interface TimeSeries {
  from: string;
  to: string;
  bucketSeconds: number;
  groups: readonly Group[];
  totals: Figures;
  previous: Figures;
}

export interface TopRow {
  key: string | null;
  sessions: number;
  messages: number;
  totalTokens: number;
  cost: number | null;
}

export interface TopError {
  sessionId: string;
  sessionName: string | null;
  timestamp: string;
  message: string;
  agentType: string | null;
}

export interface Top {
  agents: readonly TopRow[];
  models: readonly TopRow[];
  sessions: readonly Session[];
  errors: readonly TopError[];
}

export type Grouping = "agent" | "model" | "source";

export interface Stretch {
  from: string;
  to: string;
}

export function get_series(stretch: Stretch, buckets: number, by: Grouping | null, signal?: AbortSignal): Promise<TimeSeries> {
  const query = new URLSearchParams({ ...stretch, buckets: String(buckets) });
  if (by) query.set("by", by);
  return request(`/api/metrics/timeseries?${query}`, {}, signal);
}

export function get_top(stretch: Stretch, limit: number, signal?: AbortSignal): Promise<Top> {
  const query = new URLSearchParams({ ...stretch, limit: String(limit) });
  return request(`/api/metrics/top?${query}`, {}, signal);
}
