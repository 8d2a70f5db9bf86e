import { expect, test } from "vitest";
import { add_event, open_list } from "../app/core/list";
import { event, message_event, session } from "./support/samples";

const k_top = { insert: true, limit: 2 };
const begin = (log: number, id: string) => event(log, "conversation.started", { conversation_id: id });

test("a new session comes to the top and the page keeps its length", () => {
  const list = add_event(open_list([session({ id: "a" }), session({ id: "b" })], 2, "e-5"), begin(6, "c"), k_top);
  expect(list.rows.map((row) => row.session.id)).toEqual(["c", "a"]);
  expect(list.total).toBe(3);
});

test("on another page it only waits", () => {
  const list = add_event(open_list([session({ id: "a" })], 1, "e-5"), begin(6, "c"), { insert: false, limit: 2 });
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
