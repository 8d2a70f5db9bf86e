// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Stream, StreamRequest } from "../app/api/stream";
import type { Message, Session } from "../app/api/types";
import { SessionStore } from "../app/state/session_store";
import { event, message, message_event, session } from "./support/samples";

let stored: Message[];
let head: Partial<Session>;
let asked: string[];
let request: StreamRequest | null;
let store: SessionStore;

const stream: Stream = {
  subscribe(given) {
    request = given;
    return { retry_now: () => undefined, close: () => (request = null) };
  },
};

const k_limit = 3;

function answer(address: string): unknown {
  const url = new URL(address, "http://test");
  if (url.pathname.endsWith("/notes")) return { notes: [] };
  if (!url.pathname.endsWith("/messages")) return { ...session({ totalMessages: stored.length, ...head }), streamCursor: "e-100" };
  const after = Number(url.searchParams.get("after_seq") ?? 0);
  const rest = stored.filter((m) => m.sequenceNumber > after);
  const messages = url.searchParams.get("order") === "desc" ? rest.slice(-k_limit) : rest.slice(0, k_limit);
  const nextCursor = messages.at(-1) === stored.at(-1) ? null : "a";
  const previousCursor = messages[0] === stored[0] ? null : "b";
  return { messages, pagination: { limit: k_limit, total: stored.length, nextCursor, previousCursor }, streamCursor: "e-100" };
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  stored = [message(1)];
  head = {};
  request = null;
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address.replace("/api/sessions/c1", "").replace("limit=200&", ""));
    return new Response(JSON.stringify(answer(address)));
  });
});

afterEach(() => {
  store.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function open(): Promise<void> {
  store = new SessionStore("c1", stream, null);
  await vi.advanceTimersByTimeAsync(0);
}

const numbers = () => store.conversation.value!.messages.map((m) => m.sequenceNumber);
const flush = () => vi.advanceTimersByTimeAsync(300);

test("a running session is opened at its end and followed from there", async () => {
  await open();
  expect(asked).toEqual(["", "/messages?order=desc", "/notes"]);
  expect(request).toMatchObject({ conversation: "c1", cursor: "e-100" });
});

test("an event is shown without asking for anything", async () => {
  await open();
  asked = [];
  request!.on_event(message_event(101, 2));
  await flush();
  expect([numbers(), asked]).toEqual([[1, 2], []]);
});

test("a hole of two seconds is asked for", async () => {
  await open();
  stored = [1, 2, 3].map((n) => message(n));
  asked = [];
  request!.on_event(message_event(102, 3));
  await flush();
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked).toEqual(["", "/messages?after_seq=1&order=asc", "/notes"]);
  expect(numbers()).toEqual([1, 2, 3]);
});

test("a reset is answered with the pages after what is there, until there are no more", async () => {
  await open();
  stored = [1, 2, 3, 4, 5, 6].map((n) => message(n));
  asked = [];
  request!.on_reset();
  await flush();
  expect(asked).toEqual(["", "/messages?after_seq=1&order=asc", "/messages?after_seq=4&order=asc", "/notes"]);
  expect(numbers()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(store.conversation.value!.live.session.totalMessages).toBe(6);
});

test("the end: totals from the server, then the stream is closed", async () => {
  await open();
  head = { status: "COMPLETED", totalTokens: 77 };
  request!.on_event(event(101, "conversation.completed", { status: "completed" }));
  await flush();
  expect(store.conversation.value!.live.session).toMatchObject({ status: "COMPLETED", totalTokens: 77 });
  await vi.advanceTimersByTimeAsync(5_000);
  expect([request, store.stream_state.value]).toEqual([null, { kind: "ended" }]);
});

test("a finished session is opened at its start, without a stream", async () => {
  head = { status: "COMPLETED" };
  await open();
  expect(asked).toEqual(["", "/messages?order=asc", "/notes"]);
  expect([request, store.stream_state.value]).toEqual([null, { kind: "ended" }]);
});

const presumed = (log: number, status: string) => event(log, "conversation.updated", { status, inferred: true });

test("a session that falls silent stays open, with the server's totals: it may go on", async () => {
  await open();
  head = { status: "INTERRUPTED", statusInferred: true, totalTokens: 77 };
  request!.on_event(presumed(101, "INTERRUPTED"));
  await flush();
  expect(store.conversation.value!.live.session).toMatchObject({ status: "INTERRUPTED", statusInferred: true, totalTokens: 77 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(store.stream_state.value).not.toEqual({ kind: "ended" });
  request!.on_event(presumed(102, "ACTIVE"));
  await flush();
  expect(store.conversation.value!.live.session.status).toBe("ACTIVE");
});

test("a silent session is listened to, and goes on before the reader's eyes", async () => {
  head = { status: "INTERRUPTED", statusInferred: true };
  await open();
  request!.on_event(message_event(101, 2));
  request!.on_event(presumed(102, "ACTIVE"));
  await flush();
  expect([numbers(), store.conversation.value!.live.session.status]).toEqual([[1, 2], "ACTIVE"]);
});
