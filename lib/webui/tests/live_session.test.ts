import { expect, test } from "vitest";
import { apply, is_over, session_of, snapshot } from "../app/core/live_session";
import { event, message_event, session } from "./support/samples";

test("a message adds to the totals", () => {
  const live = apply(snapshot(session({ totalMessages: 1, totalTokens: 10, totalCost: 0.5 }), "e-1"), message_event(2, 2, { input_tokens: 3, output_tokens: 4, cost: 0.25 }));
  expect(live.session).toMatchObject({ totalMessages: 2, totalTokens: 17, inputTokens: 3, outputTokens: 4, totalCost: 0.75 });
});

test("an unknown cost stays unknown until a message tells one", () => {
  const silent = apply(snapshot(session(), "e-1"), message_event(2, 1));
  expect(silent.session.totalCost).toBeNull();
  expect(apply(silent, message_event(3, 2, { cost: 0.1 })).session.totalCost).toBe(0.1);
});

test("what the snapshot counts is not counted again", () => {
  expect(apply(snapshot(session({ totalMessages: 5 }), "e-9"), message_event(9, 5)).session.totalMessages).toBe(5);
});

test("numbers of another epoch say nothing about the snapshot", () => {
  const later = { ...message_event(1, 6), id: "f-1" };
  expect(apply(snapshot(session({ totalMessages: 5 }), "e-9"), later).session.totalMessages).toBe(6);
});

test.each([
  ["completed", "COMPLETED"],
  ["INTERRUPTED", "INTERRUPTED"],
  ["cancelled", "INTERRUPTED"],
  ["error", "ERROR"],
  [undefined, "COMPLETED"],
])("the end %s is the status %s", (status, expected) => {
  const data = { status, duration_seconds: 2.5, summary: { short_text: "s", text: "t" } };
  const live = apply(snapshot(session(), null), event(3, "conversation.completed", data));
  expect(live.session).toMatchObject({
    status: expected, totalDuration: 2500, completedAt: "2026-01-05T08:00:03.000Z",
    summary: { shortText: "s", text: "t", agentType: null, model: null, totalTokens: null, cost: null },
  });
});

const updated = (log: number, data: Record<string, unknown>) => event(log, "conversation.updated", data);
const k_silent = updated(2, { status: "INTERRUPTED", inferred: true });

test("a session that fell silent is interrupted, and not over; the next event takes it back, an end does not", () => {
  const silent = apply(snapshot(session({ name: "n" }), "e-1"), k_silent).session;
  expect([silent.status, silent.statusInferred, silent.name, is_over(silent)]).toEqual(["INTERRUPTED", true, "n", false]);
  const back = apply(snapshot(silent, "e-2"), updated(3, { status: "ACTIVE", inferred: true })).session;
  expect([back.status, back.statusInferred, is_over(back)]).toEqual(["ACTIVE", false, false]);
  const end = apply(snapshot(silent, "e-2"), event(3, "conversation.completed", { status: "interrupted" })).session;
  expect([end.status, end.statusInferred, is_over(end)]).toEqual(["INTERRUPTED", false, true]);
});

test.each([{ status: "INTERRUPTED" }, { status: "ASLEEP", inferred: true }, { status: 7, inferred: true }, { inferred: true }])(
  "an update with %j changes no status", (data) => {
    expect(apply(snapshot(session(), "e-1"), updated(2, data)).session).toEqual(session());
  },
);

test("two agents of one type stay two", () => {
  const started = event(1, "conversation.started", { participants: [{ agent_type: "claude", name: "Ada" }, { agent_type: "claude", name: "Bruno" }] });
  expect(session_of(started)!.participants.map((p) => [p.agentId, p.agentName])).toEqual([["claude-0", "Ada"], ["claude-1", "Bruno"]]);
});

test("keys of the wrong type are as good as none", () => {
  const started = event(1, "conversation.started", { name: 7, participants: "none", initial_prompt: null });
  expect(session_of(started)).toMatchObject({ name: null, participants: [], initialPrompt: null });
});
