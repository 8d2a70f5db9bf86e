import { expect, test } from "vitest";
import type { Diagnostics } from "../app/api/diagnostics";
import type { StreamEvent } from "../app/api/events";
import { k_tail_lines, types_in, with_event, type TailLine } from "../app/core/event_tail";
import { redacted, report } from "../app/core/report";

const found: Diagnostics = {
  status: "warn", sentence: "One thing to look at.", version: "0.1.0", serverTime: "2026-01-02T12:00:00.000Z", uptimeSeconds: 600,
  checks: [{ id: "disk", name: "Disk", state: "ok", value: "4 GB | free", hint: null }],
  agents: [
    { type: "claude", name: "Claude Code", command: "claude", installed: true, version: "2.0", path: "/home/ada/bin/claude", docsUrl: null },
    { type: "aider", name: "Aider", command: "aider", installed: false, version: null, path: null, docsUrl: null },
  ],
  environment: [{ name: "AGENTPIPE_BRIDGE_API_KEY", value: "ap_live_abcdefghijklmnop" }],
  configuration: [{ key: "database", value: "sqlite:/home/ada/web.db", origin: "file" }],
  sse: { subscribers: 2, behind: 0, droppedSlow: 1, bytesQueued: 0 },
  database: { kind: "sqlite", bytes: 1, walBytes: 1, freeBytes: 1, sessions: 1, messages: 40, latencyMs: 0.2 },
  ingest: { eventsPerSecond: null, lastAt: null, rejected: { unknown_type: 3 } },
};

test("a report says everything once, and nothing that is secret or names a person", () => {
  const text = report(found, { agent: "Browser 1", skew_ms: 12, round_trip_ms: 4.4 });
  expect(text).toContain("## agentpipe-web 0.1.0: warn");
  expect(text).toContain("| Disk | ok | 4 GB \\| free | — |");
  expect(text).toContain("| unknown_type | 3 |");
  expect(text).toContain("stream round trip 4 ms; clocks differ by 12 ms");
  expect(text).toContain("| Claude Code | 2.0 | ~/bin/claude |");
  expect(text).not.toMatch(/Aider|ada|abcdefgh/);
});

test.each([
  ["key sk-abcdefgh12345678 here", "key [masked] here"],
  ["/Users/grace/x and /home/linus", "~/x and ~"],
  ["0123456789abcdef0123456789abcdef0123456789abcdef", "[masked]"],
  ["plain words of no interest", "plain words of no interest"],
])("%j is masked", (text, masked) => {
  expect(redacted(text)).toBe(masked);
});

const event = (type: string, n: number): StreamEvent => ({ id: `e-${n}`, type, timestamp: "", data: { conversation_id: "c" } });

test("the tail is the newest hundred events, newest first", () => {
  let lines: readonly TailLine[] = [];
  for (let n = 1; n <= 130; n++) lines = with_event(lines, event(n % 2 ? "message.created" : "log.entry", n), n);
  expect(lines).toHaveLength(k_tail_lines);
  expect(lines[0]).toEqual({ key: 130, type: "log.entry", timestamp: "", conversation: "c", id: "e-130" });
  expect(types_in(lines)).toEqual(["log.entry", "message.created"]);
});
