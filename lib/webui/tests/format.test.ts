import { expect, test } from "vitest";
import { initials } from "../app/core/agents";
import { bytes, compact, cost, count, duration, plural, relative, ticking } from "../app/core/format";
import { reveal } from "../app/core/unicode";

test.each([[null, "—"], [0, "$0.0000"], [0.00001, "<$0.0001"], [0.0042, "$0.0042"], [1.2, "$1.20"]])("cost %s is %s", (value, text) => {
  expect(cost(value)).toBe(text);
});

test.each([[null, "—"], [0, "0"], [9999, "9,999"], [12_345, "12.3K"], [2_500_000, "2.5M"]])("%s compactly is %s", (value, text) => {
  expect(compact(value)).toBe(text);
});

test("counts", () => {
  expect([count(null), count(1284), plural(1, "message"), plural(2000, "message")]).toEqual(["—", "1,284", "1 message", "2,000 messages"]);
});

test.each([
  [null, "—"], [-5, "—"], [830, "830 ms"], [4_249, "4.2 s"], [9_990, "9.9 s"], [42_500, "43 s"], [65_000, "1 min 05 s"], [7_380_000, "2 h 03 min"], [273_600_000, "3 d 4 h"],
])("%s ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([[-1, "0:00"], [7_900, "0:07"], [760_000, "12:40"], [3_723_000, "1:02:03"]])("a clock at %s ms shows %s", (ms, text) => {
  expect(ticking(ms)).toBe(text);
});

test.each([
  ["2026-01-05T08:00:00Z", "now"],
  ["2026-01-05T07:55:00Z", "5 min. ago"],
  ["2026-01-04T08:00:00Z", "yesterday"],
  ["2025-11-05T08:00:00Z", "2 mo. ago"],
  ["nonsense", "—"],
])("%s is %s", (iso, text) => {
  expect(relative(iso, Date.parse("2026-01-05T08:00:30Z"))).toBe(text);
});

test.each([[0, "0\u00a0B"], [999, "999\u00a0B"], [96_000, "96\u00a0kB"], [2_100_000, "2.1\u00a0MB"]])("%s bytes are %s", (value, text) => {
  expect(bytes(value)).toBe(text);
});

test.each([["Ada Lovelace", "AL"], ["gemini", "GE"], ["李 明", "李明"], ["😀x", "X"], ["", "?"]])("initials of %s are %s", (name, text) => {
  expect(initials(name)).toBe(text);
});

test.each([
  ["a\u202Eb", "a⟦RLO⟧b"], ["\u2066x\u2069", "⟦LRI⟧x⟦PDI⟧"], ["\u0000\u001b[0m\u007f", "␀␛[0m␡"], ["tab\tline\n", "tab\tline\n"], ["\ud800x", "\ufffdx"], ["😀", "😀"],
])("%j is shown as %s", (text, shown) => {
  expect(reveal(text)).toBe(shown);
});
