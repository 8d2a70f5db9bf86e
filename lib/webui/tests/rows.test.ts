import { expect, test } from "vitest";
import { add_notes, open_conversation } from "../app/core/conversation";
import { everything, held_back, next_rows, rows_of, type Drawn } from "../app/core/rows";
import type { Note } from "../app/api/types";
import { message, session } from "./support/samples";

const note = (log: number, after: number, type: Note["type"] = "log.entry"): Note => ({
  type, timestamp: "2026-01-05T08:00:00.000Z", logNumber: log, afterSequence: after, level: null, role: null, agentName: null, content: "",
});
const summary = { shortText: "s", text: null, agentType: null, model: null, totalTokens: null, cost: null };
const k_whole = { has_earlier: false, has_later: false };

test("prompt, notes, messages, errors and summary stand in the order of their time", () => {
  const whole = add_notes(
    open_conversation(session({ initialPrompt: "p", summary }), null, [message(1), message(2)], k_whole),
    [note(1, 0), note(2, 1, "conversation.error"), note(3, 2)],
  );
  expect(rows_of(whole, { ...everything, held_after: Infinity }).map((row) => row.key)).toEqual(["prompt", "n1", "mm1", "n2", "mm2", "n3", "summary"]);
});

test("what came while reading is held back, and counted", () => {
  const whole = add_notes(open_conversation(session({ summary }), null, [message(1), message(2), message(3)], k_whole), [note(2, 2, "conversation.error")]);
  expect(rows_of(whole, { ...everything, held_after: 1 }).map((row) => row.key)).toEqual(["mm1"]);
  expect(held_back(whole, 1)).toEqual({ messages: 2, errors: 1 });
});

test("messages of one author within two minutes share a head; after five there is a pause", () => {
  const later = "2026-01-05T08:10:00.000Z";
  const list = [message(1), message(2), message(3, { agentId: "claude-1" }), message(4, { agentId: "claude-1", timestamp: later })];
  const rows = rows_of(open_conversation(session(), null, list, k_whole), everything);
  expect(rows.map((row) => (row.kind === "message" ? row.head : row.kind))).toEqual([true, false, true, "pause", true]);
});

test("a run from the middle says that there is more on both sides", () => {
  const middle = open_conversation(session({ initialPrompt: "p", summary }), null, [message(5)], { has_earlier: true, has_later: true });
  expect(rows_of(add_notes(middle, [note(1, 0), note(9, 7)]), everything).map((row) => row.key)).toEqual(["earlier", "mm5", "later"]);
});

test("rows that grow are the rows of the whole, whatever came", () => {
  const at = (minutes: number) => new Date(Date.UTC(2026, 0, 5, 8) + minutes * 60_000).toISOString();
  const list = [0, 1, 3, 4, 20, 21, 22, 900].map((minutes, i) => message(i + 1, { agentId: i % 3 ? "a" : "b", timestamp: at(minutes) }));
  const notes = [[note(1, 0)], [note(1, 0), note(2, 4)], [note(1, 0), note(2, 4), note(3, 6, "conversation.error")]] as const;
  const grown = list.map((_, i) => {
    const open = open_conversation(session({ initialPrompt: "p" }), null, list.slice(0, i + 1), k_whole);
    return { ...open, messages: list.slice(0, i + 1), notes: notes[i < 3 ? 0 : i < 6 ? 1 : 2] };
  });
  let drawn: Drawn | null = null;
  for (const conversation of grown) {
    const rows = next_rows(drawn, conversation, everything);
    expect(rows).toEqual(rows_of(conversation, everything));
    drawn = { conversation, shown: everything, rows };
  }
});

test("a message that overtook another one makes the rows anew", () => {
  const of = (...numbers: number[]) => open_conversation(session(), null, numbers.map((n) => message(n)), k_whole);
  const drawn = { conversation: of(1, 3), shown: everything, rows: rows_of(of(1, 3), everything) };
  expect(next_rows(drawn, of(1, 2, 3), everything).map((row) => row.key)).toEqual(["mm1", "mm2", "mm3"]);
});

test("nothing is said to load below what is held back", () => {
  const held = { ...open_conversation(session(), null, [message(1), message(2)], k_whole), has_later: true };
  expect(rows_of(held, { ...everything, held_after: 1 }).map((row) => row.key)).toEqual(["mm1"]);
});

test("days are those of the reader's zone", () => {
  const list = [message(1, { timestamp: "2026-01-05T09:00:00Z" }), message(2, { timestamp: "2026-01-05T11:00:00Z" }), message(3, { timestamp: "2026-01-06T00:30:00Z" })];
  const conversation = open_conversation(session(), null, list, k_whole);
  const days = (zone: "local" | "utc") => rows_of(conversation, { ...everything, zone }).filter(({ kind }) => kind === "day").map(({ key }) => key);
  // Midnight of the tests' zone (see vitest.config.ts) is 10:00 in UTC.
  expect([days("local"), days("utc")]).toEqual([["dm2"], ["dm3"]]);
});
