// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Stream, StreamRequest } from "../app/api/stream";
import { parse_list } from "../app/core/url";
import { ListStore } from "../app/state/list_store";
import { event, session } from "./support/samples";

let running: string[];
let questions: number;
let request: StreamRequest;
let store: ListStore;

const stream: Stream = {
  subscribe(given) {
    request = given;
    return { retry_now: () => undefined, close: () => undefined };
  },
};

beforeEach(async () => {
  vi.useFakeTimers();
  running = ["a", "b", "c", "d"];
  questions = 0;
  vi.stubGlobal("fetch", async () => {
    questions += 1;
    const sessions = running.slice(0, 2).map((id) => session({ id }));
    return new Response(JSON.stringify({ sessions, pagination: { page: 1, limit: 2, total: running.length, totalPages: 1 }, streamCursor: "e-1" }));
  });
  store = new ListStore({ ...parse_list("?status=ACTIVE"), limit: 2 }, stream, { previous: null, only_running: true });
  await vi.advanceTimersByTimeAsync(2_000);
});

afterEach(() => {
  store.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const shown = () => store.list.value!.rows.map((row) => row.session.id);

function ends(log: number, id: string): void {
  running = running.filter((other) => other !== id);
  request.on_event(event(log, "conversation.completed", { conversation_id: id }));
}

test("what runs moves up when the rows before it end", async () => {
  ends(2, "a");
  await vi.advanceTimersByTimeAsync(300);
  expect([shown(), store.list.value!.total]).toEqual([["b", "c"], 3]);
});

test("many ends are one question a second", async () => {
  running = Array.from({ length: 100 }, (_, i) => `s${i}`);
  await store.load();
  questions = 0;
  for (let i = 0; i < 30; i++) {
    ends(10 + i, `s${i}`);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(questions).toBeLessThanOrEqual(3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown()).toEqual(["s30", "s31"]);
});
