import { expect, test } from "vitest";
import type { StoredSession } from "../app/api/upload";
import { again, ended, json_problem, next_up, refusal, sums, with_state, type Item, type ItemState } from "../app/core/upload_queue";

const item = (id: number, state: ItemState = { kind: "pending" }): Item => ({ id, name: `${id}.json`, size: 10, on_duplicate: "skip", state });
const session = (result: StoredSession["result"], added = 0): StoredSession => ({ conversationId: "c", name: null, result, messages: 5, added });
const answer = (...sessions: StoredSession[]) => ({ kind: "stored", answer: { file: "f", format: "events", sessions, problems: [] } }) as const;
const words = (bytes: number) => `${bytes} B`;

test("three files are on their way at a time, in the order they came", () => {
  const items = [item(1, { kind: "uploading", share: 0.5 }), item(2, { kind: "checking" }), item(3), item(4)];
  expect(next_up(items).map(({ id }) => id)).toEqual([3]);
  expect(next_up(with_state(items, 3, { kind: "checking" }))).toEqual([]);
});

test.each([
  [{ name: "a.json", size: 0 }, "The file is empty."],
  [{ name: "a.json", size: 200 }, "The file has 200 B; the server takes at most 100 B."],
  [{ name: "a.exe", size: 20 }, "This kind of file is not read here: .json, .jsonl, .ndjson, .log, .md, .txt and .zip are."],
  [{ name: "A.JSONL", size: 20 }, null],
])("%j is not sent when it cannot be read", (file, reason) => {
  expect(refusal(file, 100, words)).toBe(reason);
});

test("a file of which nothing is new waits for a decision, any other is stored", () => {
  expect(ended(answer(session("unchanged"), session("conflict"))).kind).toBe("duplicate");
  expect(ended(answer(session("unchanged"), session("grown", 2))).kind).toBe("stored");
  expect(ended(answer()).kind).toBe("stored");
});

test("what may come right later may be tried again, what is refused for good may not", () => {
  expect(ended({ kind: "lost", text: "gone" })).toMatchObject({ kind: "failed", may_retry: true });
  expect(ended({ kind: "refused", status: 422, text: "no", problems: [{ line: 3, reason: "x" }] })).toMatchObject({ may_retry: false, problems: [{ line: 3, reason: "x" }] });
});

test("another try carries the new wish", () => {
  const [tried] = again([item(1, { kind: "duplicate", sessions: [], format: null, problems: [] })], 1, "keep_both");
  expect(tried).toEqual({ ...item(1), on_duplicate: "keep_both" });
});

test("the sum tells what was stored, what was there and what failed", () => {
  const items = [
    item(1, ended(answer(session("new", 5), session("unchanged")))),
    item(2, ended(answer(session("unchanged")))),
    item(3, { kind: "failed", text: "x", problems: [], may_retry: false }),
    item(4),
  ];
  expect(sums(items)).toEqual({ files: 4, done: 2, failed: 1, stored: 1, messages: 5, unchanged: 2 });
});

test("a broken document is found with its line; other kinds are left to the server", () => {
  expect(json_problem("a.json", '{"a": 1,\n"b": }')).toEqual({ line: 2, reason: "This is not JSON." });
  expect(json_problem("a.json", '{"a": 1,\n"b": [')).toEqual({ line: 2, reason: "This is not JSON." });
  expect(json_problem("a.json", "{}")).toBeNull();
  expect(json_problem("a.jsonl", "nonsense")).toBeNull();
});
