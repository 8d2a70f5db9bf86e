import { expect, test } from "vitest";
import { delay_ms } from "../app/api/backoff";
import { earlier, is_covered, parse_cursor } from "../app/api/cursor";
import { message_of, parse_frame } from "../app/api/events";

test("the wait doubles from one second to thirty", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 40].map((failures) => delay_ms(failures, () => 0.5))).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  expect([delay_ms(1, () => 0), delay_ms(1, () => 1)]).toEqual([750, 1250]);
});

test("cursors", () => {
  expect(parse_cursor("ab-cd-12")).toEqual({ epoch: "ab-cd", n: 12 });
  expect(parse_cursor("12")).toBeNull();
  expect(is_covered("e-3", "e-3")).toBe(true);
  expect(is_covered("e-4", "e-3")).toBe(false);
  expect(is_covered("f-1", "e-3")).toBe(false);
  expect(is_covered(null, "e-3")).toBe(false);
  expect([earlier("e-3", "e-4"), earlier("e-4", "e-3"), earlier(null, "e-3"), earlier(null, null)]).toEqual(["e-3", "e-3", "e-3", null]);
});

test.each(["", "not json", "null", "[]", '{"data":{}}', '{"type":7}'])("%j is no frame", (text) => {
  expect(parse_frame(text, "")).toBeNull();
});

test("a frame without data has empty data", () => {
  expect(parse_frame('{"type":"ping"}', "")).toEqual({ id: null, type: "ping", timestamp: "", data: {} });
});

test("a message without a number or an id cannot be placed", () => {
  const frame = (data: object) => parse_frame(JSON.stringify({ type: "message.created", data }), "e-1")!;
  expect(message_of(frame({ message_id: "m" }))).toBeNull();
  expect(message_of(frame({ sequence_number: 1 }))).toBeNull();
  expect(message_of(frame({ message_id: "m", sequence_number: 1, cost: "much" }))).toMatchObject({ id: "m", content: "", cost: null, totalTokens: null });
});
