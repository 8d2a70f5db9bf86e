import { expect, test } from "vitest";
import { add_notes, open_conversation } from "../app/core/conversation";
import { everything, held_back, rows_of } from "../app/core/rows";
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
