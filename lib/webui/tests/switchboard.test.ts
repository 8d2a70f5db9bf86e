import { beforeEach, expect, test, vi } from "vitest";
import { Host, RemoteStream } from "../app/api/remote";
import type { Stream, StreamRequest } from "../app/api/stream";
import { Switchboard } from "../app/api/switchboard";
import { event } from "./support/samples";

interface Line {
  request: StreamRequest;
  closed: boolean;
}

let lines: Line[];
const source: Stream = {
  subscribe(request) {
    const line: Line = { request, closed: false };
    lines.push(line);
    return { retry_now: () => undefined, close: () => void (line.closed = true) };
  },
};
const opened = () => lines.map(({ request, closed }) => [request.conversation, request.cursor, closed]);
const line = () => lines[lines.length - 1]!.request;
const of = (conversation_id: string, n: number) => event(n, "message.created", { conversation_id });

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
});

function listener(stream: Stream, conversation: string | null, cursor: string | null) {
  const got: (string | null)[] = [];
  let resets = 0;
  let allowed = true;
  const subscription = stream.subscribe({
    conversation,
    cursor,
    on_event: ({ id }) => got.push(id),
    on_state: () => undefined,
    on_reset: () => (resets += 1),
    may_retry: async () => allowed,
  });
  return { got, resets: () => resets, forbid: () => (allowed = false), close: () => subscription.close() };
}

test("one page alone asks for its own conversation", () => {
  listener(new Switchboard(source), "a", "e-5");
  expect(opened()).toEqual([["a", "e-5", false]]);
});

test("two pages share one connection, from the older place on, each event once", () => {
  const board = new Switchboard(source);
  const a = listener(board, "a", "e-5");
  line().on_event(of("a", 6));
  const b = listener(board, "b", "e-4");
  expect(opened()).toEqual([["a", "e-5", true], [null, "e-4", false]]);
  for (const [id, n] of [["b", 5], ["a", 6], ["b", 7], ["a", 8]] as const) line().on_event(of(id, n));
  expect([a.got, b.got]).toEqual([["e-6", "e-8"], ["e-5", "e-7"]]);
});

test("who comes a little late gets what was missed without a new connection", () => {
  const board = new Switchboard(source);
  listener(board, null, "e-5");
  for (const n of [6, 7, 8]) line().on_event(of("a", n));
  const late = listener(board, "a", "e-6");
  line().on_event(of("a", 9));
  expect(lines).toHaveLength(1);
  expect(late.got).toEqual(["e-7", "e-8", "e-9"]);
});

test("from one page to the next the connection is kept for a moment", () => {
  const board = new Switchboard(source);
  listener(board, null, "e-5").close();
  vi.advanceTimersByTime(2_000);
  listener(board, null, "e-5").close();
  expect(opened()).toEqual([[null, "e-5", false]]);
  vi.advanceTimersByTime(3_000);
  expect(opened()).toEqual([[null, "e-5", true]]);
});

test("a reset reaches every page", () => {
  const board = new Switchboard(source);
  const [a, b] = [listener(board, null, "e-5"), listener(board, null, "e-5")];
  line().on_reset();
  expect([a.resets(), b.resets()]).toEqual([1, 1]);
});

test("one page whose session is gone does not end the others' attempts", async () => {
  const board = new Switchboard(source);
  const a = listener(board, null, "e-5");
  const b = listener(board, null, "e-5");
  a.forbid();
  expect(await line().may_retry()).toBe(true);
  b.forbid();
  expect(await line().may_retry()).toBe(false);
});

test("over a wire: events come through, and a page that was away goes on where it stopped", () => {
  const host = new Host(new Switchboard(source));
  const remote: RemoteStream = new RemoteStream("p", (message) => host.take(message, (answer) => remote.take(answer)));
  const page = listener(remote, "a", "e-5");
  line().on_event(of("a", 6));
  remote.pause();
  line().on_event(of("a", 7));
  remote.resume();
  line().on_event(of("a", 8));
  expect(page.got).toEqual(["e-6", "e-7", "e-8"]);
  expect(lines).toHaveLength(1);
});
