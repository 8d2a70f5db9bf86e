import { expect, test } from "vitest";
import {
  add_earlier, add_events, add_later, add_notes, add_snapshot, drop_held, has_hole, k_most_held, open_conversation, type Conversation,
} from "../app/core/conversation";
import { event, message, message_event, session } from "./support/samples";

const k_whole = { has_earlier: false, has_later: false };
const open = (...numbers: number[]): Conversation => open_conversation(session({ totalMessages: numbers.length }), "e-10", numbers.map((n) => message(n)), k_whole);
const numbers = (conversation: Conversation): number[] => conversation.messages.map((m) => m.sequenceNumber);
const page = (full: boolean, ...list: number[]) => ({ full, messages: list.map((n) => message(n)) });

test("an event carries its message: nothing is left to fetch", () => {
  const grown = add_events(open(1), [message_event(11, 2)]);
  expect(numbers(grown)).toEqual([1, 2]);
  expect(grown.messages[1]!.content).toBe("text 2");
  expect(has_hole(grown)).toBe(false);
});

test("a message that comes twice is shown and counted once", () => {
  const once = add_events(open(1), [message_event(10, 1), message_event(11, 2)]);
  const twice = add_later(once, page(false, 2));
  expect(numbers(twice)).toEqual([1, 2]);
  expect(twice.live.session.totalMessages).toBe(2);
});

test("messages that overtake each other end up in order", () => {
  expect(numbers(add_events(open(), [message_event(11, 2), message_event(12, 1), message_event(13, 3)]))).toEqual([1, 2, 3]);
});

test("two messages with one number are both kept: nothing is lost for a client's mistake", () => {
  const grown = add_events(open(1), [message_event(11, 2), message_event(12, 2, { message_id: "other" })]);
  expect(grown.messages.map((m) => m.id)).toEqual(["m1", "m2", "other"]);
});

test("a missing number is a hole until it comes, or a page shows that there is none", () => {
  const holed = add_events(open(1), [message_event(12, 3)]);
  expect(has_hole(holed)).toBe(true);
  expect(holed.settled).toBe(1);
  expect(has_hole(add_events(holed, [message_event(13, 2)]))).toBe(false);
  expect(has_hole(add_later(holed, page(false, 2, 3)))).toBe(false);
  expect(has_hole(add_later(holed, page(false, 3)))).toBe(false);
});

test("catching up over several pages goes on where the last page ended", () => {
  const holed = add_events(open(1), [message_event(99, 9)]);
  const half = add_later(holed, page(true, 2, 3, 4));
  expect(half.settled).toBe(4);
  expect(has_hole(half)).toBe(true);
  const whole = add_later(half, page(false, 5, 6, 7, 8, 9));
  expect(numbers(whole)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(has_hole(whole)).toBe(false);
});

test("live messages do not make a hole in a run that has not reached the end", () => {
  const start = open_conversation(session({ totalMessages: 500 }), "e-10", [message(1), message(2)], { has_earlier: false, has_later: true });
  const grown = add_events(start, [message_event(11, 501)]);
  expect(numbers(grown)).toEqual([1, 2]);
  expect(grown.live.session.totalMessages).toBe(501);
  expect(has_hole(grown)).toBe(false);
});

test("earlier pages go before what is there", () => {
  const end = open_conversation(session(), "e-10", [message(3)], { has_earlier: true, has_later: false });
  const whole = add_earlier(end, page(false, 1, 2));
  expect(numbers(whole)).toEqual([1, 2, 3]);
  expect(whole.has_earlier).toBe(false);
  expect(whole.settled).toBe(3);
});

test("a note stands after the newest message of its time, once", () => {
  const grown = add_events(open(1), [message_event(11, 2), event(12, "log.entry", { level: "system", content: "Greta joined" }), message_event(13, 3)]);
  expect(grown.notes).toEqual([
    { type: "log.entry", timestamp: "2026-01-05T08:00:12.000Z", logNumber: 12, afterSequence: 2, level: "system", role: null, agentName: null, content: "Greta joined" },
  ]);
  expect(add_notes(grown, grown.notes).notes).toBe(grown.notes);
});

test("an error is counted and the session goes on", () => {
  const grown = add_events(open(1), [event(11, "conversation.error", { error_message: "rate limit", agent_type: "claude" })]);
  expect(grown.live.session).toMatchObject({ status: "ACTIVE", errorCount: 1, errorMessage: "rate limit" });
  expect(grown.notes[0]).toMatchObject({ type: "conversation.error", agentName: "claude", content: "rate limit" });
});

test("a newer snapshot is taken, and what it does not contain is added again", () => {
  const grown = add_events(open(), [message_event(11, 1, { tokens_used: 5 }), message_event(12, 2, { tokens_used: 7 })]);
  const fresh = add_snapshot(grown, session({ totalMessages: 1, totalTokens: 5 }), "e-11");
  expect(fresh.live.session).toMatchObject({ totalMessages: 2, totalTokens: 12 });
});

test("what is held back for a reader is bounded; the rest is fetched later", () => {
  const all = open(...Array.from({ length: k_most_held + 12 }, (_, i) => i + 1));
  expect(drop_held(all, Infinity)).toBe(all);
  expect(drop_held(all, 12)).toBe(all);
  const cut = drop_held(all, 10);
  expect([cut.messages.length, cut.has_later, cut.settled]).toEqual([k_most_held + 10, true, k_most_held + 10]);
  expect(add_events(cut, [message_event(9_999, k_most_held + 13)]).messages).toBe(cut.messages);
});
