import { ApiError } from "../api/client";

/** An error as the pages show it. */
export interface Failure {
  text: string;
  /** "HTTP 500 · request 7f3a", or "". */
  detail: string;
  status: number;
}

export function failure_of(error: unknown): Failure {
  if (!(error instanceof ApiError)) return { text: String(error), detail: "", status: 0 };
  const parts = [error.status ? `HTTP ${error.status}` : "", error.requestId ? `request ${error.requestId}` : ""];
  return { text: error.message, detail: parts.filter(Boolean).join(" · "), status: error.status };
}
