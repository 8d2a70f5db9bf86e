// The state of a server as Markdown, for a bug report. Nothing in it is secret: the server masks keys, and what looks
// like one anyway is masked here.

import type { Diagnostics } from "../api/diagnostics";

const k_secret = /\b(?:ap_live_|sk-|ghp_|xox[bap]-|AIza)[A-Za-z0-9_-]{8,}|\b[A-Za-z0-9+/_-]{40,}={0,2}/g;
const k_home = /\/(?:home|Users)\/[^/\s:]+/g;

/** Keys and names of people out of a line. */
export function redacted(text: string): string {
  return text.replace(k_secret, "[masked]").replace(k_home, "~");
}

const cell = (text: string | null): string => redacted(text ?? "—").replaceAll("|", "\\|").replace(/\s+/g, " ");

function table(head: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const line = (cells: readonly (string | null)[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export interface BrowserFacts {
  agent: string;
  skew_ms: number | null;
  round_trip_ms: number | null;
}

export function report(found: Diagnostics, browser: BrowserFacts): string {
  const { checks, agents, environment, configuration, sse, ingest } = found;
  const round_trip = browser.round_trip_ms === null ? "not tested" : `${Math.round(browser.round_trip_ms)} ms`;
  return [
    `## agentpipe-web ${found.version}: ${found.status}`,
    redacted(found.sentence),
    `Server time ${found.serverTime}, up ${Math.round(found.uptimeSeconds / 60)} min; stream round trip ${round_trip}; clocks differ by ${browser.skew_ms ?? "?"} ms.`,
    table(["Check", "State", "Value", "Hint"], checks.map(({ name, state, value, hint }) => [name, state, value, hint])),
    `Streams: ${sse.subscribers} open, ${sse.behind} behind, ${sse.droppedSlow} dropped as too slow. Ingest: ${ingest.eventsPerSecond ?? "?"} events/s, last at ${ingest.lastAt ?? "never"}.`,
    Object.keys(ingest.rejected).length > 0 ? table(["Refused because", "Events"], Object.entries(ingest.rejected).map(([reason, n]) => [reason, String(n)])) : "No event was refused.",
    table(["Agent", "Version", "Path"], agents.filter(({ installed }) => installed).map(({ name, version, path }) => [name, version, path])),
    table(["Setting", "Value", "From"], configuration.map(({ key, value, origin }) => [key, value, origin])),
    table(["Variable", "Value"], environment.map(({ name, value }) => [name, value])),
    `Browser: ${browser.agent}`,
  ].join("\n\n");
}
