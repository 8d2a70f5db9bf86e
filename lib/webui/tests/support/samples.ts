import type { StreamEvent } from "../../app/api/events";
import type { Message, Session } from "../../app/api/types";

export const session = (extra: Partial<Session> = {}): Session => ({
  id: "c1", name: null, mode: null, status: "ACTIVE", source: null, sourceFormat: null, machine: null,
  startedAt: "2026-01-05T08:00:00.000Z", completedAt: null, updatedAt: null, initialPrompt: null, maxTurns: null,
  totalMessages: 0, totalTokens: 0, inputTokens: 0, outputTokens: 0, totalCost: null, totalDuration: null,
  errorCount: 0, errorMessage: null, summary: null, participants: [],
  ...extra,
});

const at = (n: number): string => new Date(Date.UTC(2026, 0, 5, 8, 0, n)).toISOString();

export const message = (n: number, extra: Partial<Message> = {}): Message => ({
  id: `m${n}`, agentId: "claude-0", agentName: "Ada", agentType: "claude", content: `text ${n}`, role: "agent", timestamp: at(n),
  sequenceNumber: n, turnNumber: null, duration: null, inputTokens: null, outputTokens: null, totalTokens: null, model: null, cost: null,
  ...extra,
});

/** The event with number `log` in the server's log. */
export const event = (log: number, type: string, data: Record<string, unknown> = {}): StreamEvent => ({
  id: `e-${log}`, type, timestamp: at(log), data: { conversation_id: "c1", ...data },
});

export const message_event = (log: number, n: number, extra: Record<string, unknown> = {}): StreamEvent =>
  event(log, "message.created", { message_id: `m${n}`, agent_id: "claude-0", role: "agent", sequence_number: n, content: `text ${n}`, ...extra });
