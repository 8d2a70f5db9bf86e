import { expect, test } from "vitest";
import { ansi_runs } from "../app/core/ansi";
import { first_line, hint_of, pieces_of } from "../app/core/pieces";
import { sequence_at, timeline_of } from "../app/core/replay";
import { format_session_view, parse_session_view } from "../app/core/session_url";

const text = (content: string) => pieces_of({ content, parts: null });

test("a result joins its call, in the call's place", () => {
  const parts = [
    { type: "thinking", text: "hm" },
    { type: "tool_call", call_id: "a", name: "Bash", input: { command: "ls\n-l" } },
    { type: "tool_call", call_id: "b", name: "Read", input: "free" },
    { type: "tool_result", call_id: "b", is_error: true, output: "gone" },
    { type: "tool_result", call_id: "a", output: ["x"] },
    { type: "text", text: "done" },
  ];
  expect(pieces_of({ content: "done", parts })).toEqual([
    { kind: "thinking", text: "hm" },
    { kind: "call", name: "Bash", hint: "ls", input: '{\n  "command": "ls\\n-l"\n}', output: '[\n  "x"\n]', failed: false },
    { kind: "call", name: "Read", hint: "free", input: "free", output: "gone", failed: true },
    { kind: "text", text: "done" },
  ]);
});

test("a result whose call is elsewhere stands for itself; an unknown part is named", () => {
  const parts = [{ type: "tool_result", call_id: "z", name: "Bash", output: "out" }, { type: "hologram", text: "?" }];
  expect(pieces_of({ content: "", parts })).toEqual([
    { kind: "call", name: "Bash", hint: "out", input: "", output: "out", failed: false },
    { kind: "notice", text: "hologram: ?" },
  ]);
});

test("parts of the wrong type do no harm", () => {
  const parts = [{ type: "text", text: 7 }, { type: "tool_call", name: null, input: null }, { type: "thinking" }];
  expect(pieces_of({ content: "", parts })).toEqual([
    { kind: "text", text: "7" },
    { kind: "call", name: "tool", hint: "", input: "", output: null, failed: false },
    { kind: "thinking", text: "" },
  ]);
});

test("thoughts and calls are found in plain text", () => {
  const content = 'Before\n<thinking>\nhm\n</thinking>\n```tool_call\n{"name":"Bash","arguments":{"command":"ls"}}\n```\nAfter';
  expect(text(content).map((piece) => [piece.kind, piece.kind === "call" ? piece.hint : piece.text.trim()])).toEqual([
    ["text", "Before"], ["thinking", "hm"], ["call", "ls"], ["text", "After"],
  ]);
});

test("text without marks is one piece, unchanged", () => {
  expect(text("a < b\n")).toEqual([{ kind: "text", text: "a < b\n" }]);
});

test.each([
  ["# Title\nmore", "Title"],
  ["\n\n- [x] **bold** `code`", "bold code"],
  ["**spawn_agent** `count_files`, _at once_, not `__init__`", "spawn_agent count_files, at once, not __init__"],
  ["```json\n{\"name\": 1}\n```", '{"name": 1}'],
  ["* * *\n***\nafter a rule", "after a rule"],
  ["", ""],
])("the first line of %j", (content, line) => {
  expect(first_line(content)).toBe(line);
});

test("the hint is one short line", () => {
  expect(hint_of({ a: "x".repeat(200) })).toBe(`${"x".repeat(120)}…`);
  expect([hint_of(undefined), hint_of({}), hint_of([1, 2]), hint_of({ n: { m: 1 } })]).toEqual(["", "", "1", '{"m":1}']);
});

test("colours of terminals become classes, other sequences go", () => {
  expect(ansi_runs("a\u001b[1;31mb\u001b[0mc\u001b[2Kd\u001b]0;title\u0007e")).toEqual([
    { text: "a", classes: "" },
    { text: "b", classes: "ansi-1 ansi-bold" },
    { text: "c", classes: "" },
    { text: "d", classes: "" },
    { text: "e", classes: "" },
  ]);
});

const at = (sequenceNumber: number, seconds: number) => ({ sequenceNumber, timestamp: new Date(seconds * 1000).toISOString() });

test("a replay keeps the pace and cuts the pauses", () => {
  const line = timeline_of([at(1, 0), at(2, 1), at(5, 600), at(6, 599)]);
  expect(line).toEqual({ sequences: [1, 2, 5, 6], times: [0, 1000, 3000, 3000], total_ms: 3000 });
  expect([-1, 0, 999, 1000, 2999, 3000, 9999].map((ms) => sequence_at(line, ms))).toEqual([0, 1, 1, 2, 2, 6, 6]);
  expect(sequence_at(timeline_of([]), 5)).toBe(0);
});

test.each([
  "", "?agent=a%2Cb", "?find=x+y", "?density=slim&panel=system", "?view=plain", "?follow=0", "?t=90&speed=4",
])("the view %s is read back as it was written", (search) => {
  expect(format_session_view(parse_session_view(search))).toBe(search);
});

test("what is not understood is as if it were not there", () => {
  expect(format_session_view(parse_session_view("?density=huge&panel=x&view=y&t=-1&speed=3&follow=1"))).toBe("");
});
