import { expect, test } from "vitest";
import type { Figures, Group, Point, TimeSeries } from "../app/api/metrics";
import {
  bucket_link, change, error_rate, format_dashboard, group_series, hour_table, parse_dashboard, sessions_link, spend, stretch_of,
} from "../app/core/dashboard";

const none: Figures = {
  sessions: 0, messages: 0, inputTokens: 0, outputTokens: 0, totalTokens: 0, cost: null, estimatedCost: null, latencyP50: null, latencyP95: null, errors: 0,
};
const point = (t: string, more: Partial<Figures> = {}): Point => ({ t, ...none, ...more });

test.each(["", "?range=7d", "?range=1h&by=model", "?from=2026-01-01T00%3A00%3A00.000Z&to=2026-01-02T00%3A00%3A00.000Z"])("%j is read and written alike", (search) => {
  expect(format_dashboard(parse_dashboard(search))).toBe(search);
});

test.each(["?range=99y", "?by=nothing", "?from=yesterday&to=now", "?from=2026-02-01&to=2026-01-01"])("%j counts as not given", (search) => {
  expect(format_dashboard(parse_dashboard(search))).toBe("");
});

test("a range ends now and its link goes on doing so", () => {
  const query = parse_dashboard("?range=6h");
  const now = Date.parse("2026-01-02T12:00:00.000Z");
  expect(stretch_of(query, now)).toEqual({ from: "2026-01-02T06:00:00.000Z", to: "2026-01-02T12:00:00.000Z" });
  expect(sessions_link(query, { agent: "claude" })).toBe("/sessions?from=-6h&agent=claude");
});

test("a bucket leads to the sessions that began in it", () => {
  const series: TimeSeries = {
    from: "", to: "", bucketSeconds: 900, groups: [{ key: null, points: [point("2026-01-02T06:00:00.000Z"), point("2026-01-02T06:15:00.000Z")] }],
    totals: none, previous: none,
  };
  expect(bucket_link(series, 1)).toBe("/sessions?from=2026-01-02T06%3A15%3A00.000Z&to=2026-01-02T06%3A30%3A00.000Z");
});

test("unknown costs stay unknown, known ones add up", () => {
  expect(spend({ cost: null, estimatedCost: null })).toBeNull();
  expect(spend({ cost: 1, estimatedCost: null })).toBe(1);
  expect(spend({ cost: null, estimatedCost: 0.5 })).toBe(0.5);
});

test("rates and changes need something to compare with", () => {
  expect(error_rate({ errors: 0, messages: 0 })).toBeNull();
  expect(error_rate({ errors: 1, messages: 50 })).toBe(2);
  expect(change(3, 2)).toBe(50);
  expect(change(3, 0)).toBeNull();
  expect(change(null, 2)).toBeNull();
});

test("the smallest groups are drawn together", () => {
  const groups: Group[] = Array.from({ length: 9 }, (_, i) => ({ key: `model-${i}`, points: [point("2026-01-02T06:00:00.000Z", { messages: i + 1 })] }));
  const series = group_series(groups, "model", ({ messages }) => messages);
  expect(series.map(({ label, values }) => [label, values[0]])).toEqual([
    ["model-8", 9], ["model-7", 8], ["model-6", 7], ["model-5", 6], ["model-4", 5], ["model-3", 4], ["3 others", 6],
  ]);
});

test("hours are counted in the week that the reader lives in", () => {
  const table = hour_table([point("2026-01-04T23:30:00.000Z", { messages: 3 }), point("2026-01-05T00:10:00.000Z", { messages: 4 })], true);
  expect(table[6]![23]).toBe(3);
  expect(table[0]![0]).toBe(4);
  expect(table.flat().reduce((sum, value) => sum + value, 0)).toBe(7);
});
