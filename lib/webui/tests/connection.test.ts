// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { StreamEvent } from "../app/api/events";
import { direct_stream, type StreamState, type Subscription } from "../app/api/stream";
import { FakeEventSource } from "./support/fake_event_source";

let subscription: Subscription;
let events: StreamEvent[];
let states: StreamState["kind"][];
let resets: number;
let retry_allowed: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  vi.stubGlobal("EventSource", FakeEventSource);
  FakeEventSource.opened = [];
  [events, states, resets, retry_allowed] = [[], [], 0, true];
  subscription = direct_stream.subscribe({
    conversation: "c 1",
    cursor: "e-5",
    on_event: (event) => events.push(event),
    on_state: (state) => states.push(state.kind),
    on_reset: () => (resets += 1),
    may_retry: async () => retry_allowed,
  });
});

afterEach(() => {
  subscription.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const source = (): FakeEventSource => FakeEventSource.opened[FakeEventSource.opened.length - 1]!;
const addresses = (): string[] => FakeEventSource.opened.map(({ url }) => url);

test("asks for one conversation from the cursor on", () => {
  expect(addresses()).toEqual(["/api/realtime/stream?named=1&conversationId=c+1&last_event_id=e-5"]);
});

test("hands over events, not the stream's own frames; a frame without an id does not inherit one", () => {
  source().open();
  source().send({ type: "connection.established" }, "");
  source().send({ type: "log.entry", data: { a: 1 } }, "e-6");
  source().send({ type: "ping" }, "e-6");
  source().send({ type: "other" }, "e-6");
  source().send({ type: "message.created" }, "e-7", "message.created");
  source().send({ type: "ping" }, "e-7", "ping");
  expect(events.map(({ id, type }) => [id, type])).toEqual([["e-6", "log.entry"], [null, "other"], ["e-7", "message.created"]]);
  expect(states).toEqual(["connecting", "live"]);
});

test("after a cut goes on behind the last event, waiting longer each time", () => {
  source().open();
  source().send({ type: "log.entry" }, "e-9");
  source().fail("CONNECTING");
  vi.advanceTimersByTime(999);
  expect(addresses()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(addresses()[1]).toBe("/api/realtime/stream?named=1&conversationId=c+1&last_event_id=e-9");
  source().fail("CONNECTING");
  vi.advanceTimersByTime(1999);
  expect(addresses()).toHaveLength(2);
  vi.advanceTimersByTime(1);
  source().open();
  expect(states).toEqual(["connecting", "live", "reconnecting", "reconnecting", "live"]);
});

test("40 seconds of silence are a dead connection; a ping is none", () => {
  source().open();
  vi.advanceTimersByTime(39_000);
  source().send({ type: "ping" }, "");
  vi.advanceTimersByTime(39_999);
  expect(states).toEqual(["connecting", "live"]);
  vi.advanceTimersByTime(1);
  expect(states).toEqual(["connecting", "live", "reconnecting"]);
  expect(source().closed).toBe(true);
});

test("the reader need not wait", () => {
  source().fail("CONNECTING");
  subscription.retry_now();
  expect(addresses()).toHaveLength(2);
});

test("a refusal that will not change ends the attempts", async () => {
  retry_allowed = false;
  source().fail("CLOSED");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(addresses()).toHaveLength(1);
});

test("a reset is passed on, and the stream goes on", () => {
  source().open();
  source().send({ type: "reset" }, "");
  source().send({ type: "log.entry" }, "f-1");
  expect([resets, events.length]).toEqual([1, 1]);
});

test("closed is closed", () => {
  subscription.close();
  dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(120_000);
  expect([addresses().length, source().closed]).toEqual([1, true]);
});
