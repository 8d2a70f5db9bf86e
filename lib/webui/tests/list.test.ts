import { expect, test } from "vitest";
import type { StreamEvent } from "../app/api/events";
import { add_event, arrival_of, open_list, type Arrival, type Place } from "../app/core/list";
import { parse_list } from "../app/core/url";
import { event, message_event, session } from "./support/samples";

const place = (arrival: Arrival): Place => ({ arrival: () => arrival, limit: 2, only_running: false });
const k_top = place("insert");
const begin = (log: number, id: string) => event(log, "conversation.started", { conversation_id: id });

test("a new session comes to the top and the page keeps its length", () => {
  const list = add_event(open_list([session({ id: "a" }), session({ id: "b" })], 2, "e-5"), begin(6, "c"), k_top);
  expect(list.rows.map((row) => row.session.id)).toEqual(["c", "a"]);
  expect(list.total).toBe(3);
});

test("on another page it only waits", () => {
  const list = add_event(open_list([session({ id: "a" })], 1, "e-5"), begin(6, "c"), place("wait"));
  expect([list.rows.length, list.waiting]).toEqual([1, 1]);
});

test("totals are patched in the row, each event once", () => {
  const open = open_list([session({ id: "c1", totalMessages: 3 })], 1, "e-5");
  const list = [message_event(5, 3), message_event(6, 4), message_event(7, 5)].reduce((l, e) => add_event(l, e, k_top), open);
  expect(list.rows[0]!.session.totalMessages).toBe(5);
});

test("events of sessions that are not shown change nothing", () => {
  const open = open_list([], 0, "e-5");
  expect(add_event(open, message_event(6, 1), k_top)).toBe(open);
});

test("a deleted session leaves", () => {
  const list = add_event(open_list([session({ id: "c1" }), session({ id: "b" })], 9, "e-5"), event(6, "conversation.deleted"), k_top);
  expect([list.rows.map((row) => row.session.id), list.total]).toEqual([["b"], 8]);
});

test("the strip of running sessions loses those that end", () => {
  const open = open_list([session({ id: "c1" })], 1, "e-5");
  const end = event(6, "conversation.completed", { status: "completed" });
  expect(add_event(open, end, k_top).rows).toHaveLength(1);
  expect(add_event(open, end, { ...k_top, only_running: true })).toMatchObject({ rows: [], total: 0 });
});

const presumed = (id: string, status: string) => event(6, "conversation.updated", { conversation_id: id, status, inferred: true });

test("a row falls silent and comes back", () => {
  const silent = add_event(open_list([session({ id: "a" })], 1, "e-5"), presumed("a", "INTERRUPTED"), k_top);
  expect(silent.rows[0]!.session).toMatchObject({ status: "INTERRUPTED", statusInferred: true });
  const back = add_event(silent, { ...presumed("a", "ACTIVE"), id: "e-7" }, k_top);
  expect(back.rows[0]!.session).toMatchObject({ status: "ACTIVE", statusInferred: false });
});

test.each<[string, StreamEvent, number, boolean]>([
  ["one falls silent, others run unseen", presumed("a", "INTERRUPTED"), 3, true],
  ["one ends, others run unseen", event(6, "conversation.completed", { conversation_id: "a" }), 3, true],
  ["one is deleted, others run unseen", event(6, "conversation.deleted", { conversation_id: "a" }), 3, true],
  ["one ends, all are in sight", event(6, "conversation.completed", { conversation_id: "a" }), 2, false],
  ["one of the unseen ends", event(6, "conversation.completed", { conversation_id: "x" }), 3, true],
  ["one that ran nowhere ends", event(6, "conversation.completed", { conversation_id: "x" }), 2, false],
  ["a silent one comes back", presumed("x", "ACTIVE"), 2, true],
  ["an unseen one speaks", event(6, "message.created", { conversation_id: "x" }), 3, false],
])("whether the strip has to ask what runs: %s", (_, news, total, is_stale) => {
  const open = open_list([session({ id: "a" }), session({ id: "b" })], total, "e-5");
  expect(add_event(open, news, { ...k_top, only_running: true }).is_stale).toBe(is_stale);
  expect(add_event(open, news, k_top).is_stale).toBe(false);
});

const k_new = session({ mode: "round-robin", participants: [{ agentId: "a", agentType: "claude", agentName: null, model: null, prompt: null, cliVersion: null }] });

test.each<[string, boolean, Arrival]>([
  ["", true, "insert"],
  ["", false, "wait"],
  ["?page=2", true, "wait"],
  ["?sort=cost", true, "wait"],
  ["?status=ACTIVE,ERROR", true, "insert"],
  ["?status=ERROR", true, "ignore"],
  ["?agent=claude&mode=round-robin", true, "insert"],
  ["?agent=gemini", true, "ignore"],
  ["?q=x", true, "ignore"],
  ["?min_cost=1", true, "ignore"],
])("where a session that begins goes: %s, at the top %s", (search, at_top, arrival) => {
  expect(arrival_of(k_new, parse_list(search), at_top)).toBe(arrival);
});
