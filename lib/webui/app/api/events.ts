import type { Message, Note, Part, Participant, Status, Summary } from "./types";

/** One frame of the stream. `id` is null for what is no part of the log (ping, reset …). */
export interface StreamEvent {
  id: string | null;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/** The frame in this text, or null when it is none. */
export function parse_frame(text: string, id: string): StreamEvent | null {
  try {
    const frame = JSON.parse(text) as Partial<StreamEvent>;
    if (typeof frame.type !== "string") return null;
    const data = frame.data !== null && typeof frame.data === "object" ? frame.data : {};
    return { id: id || null, type: frame.type, timestamp: frame.timestamp ?? "", data };
  } catch {
    return null;
  }
}

// Events carry what the client sent: a key may be missing or of any type.
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const number = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
const object = (value: unknown): Record<string, unknown> | null =>
  value !== null && typeof value === "object" ? (value as Record<string, unknown>) : null;

export const conversation_id = (event: StreamEvent): string | null => text(event.data.conversation_id);

export function message_of(event: StreamEvent): Message | null {
  const { data } = event;
  const sequence = number(data.sequence_number);
  const id = text(data.message_id);
  if (sequence === null || id === null) return null;
  const input = number(data.input_tokens);
  const output = number(data.output_tokens);
  return {
    id,
    agentId: text(data.agent_id),
    agentName: text(data.agent_name),
    agentType: text(data.agent_type),
    content: text(data.content) ?? "",
    role: text(data.role),
    timestamp: event.timestamp,
    sequenceNumber: sequence,
    turnNumber: number(data.turn_number),
    duration: number(data.duration_ms),
    inputTokens: input,
    outputTokens: output,
    totalTokens: number(data.tokens_used) ?? (input === null && output === null ? null : (input ?? 0) + (output ?? 0)),
    model: text(data.model),
    cost: number(data.cost),
    costKind: text(data.cost_kind),
    cacheReadTokens: number(data.cache_read_tokens),
    cacheWriteTokens: number(data.cache_write_tokens),
    reasoningTokens: number(data.reasoning_tokens),
    parts: parts_of(data.parts),
  };
}

/** A list of objects with a type, or null. */
function parts_of(value: unknown): Part[] | null {
  if (!Array.isArray(value)) return null;
  return value.map(object).filter((part): part is Part => typeof part?.type === "string");
}

export function note_of(event: StreamEvent, log_number: number, after_sequence: number): Note {
  const { data } = event;
  const is_error = event.type === "conversation.error";
  return {
    type: is_error ? "conversation.error" : "log.entry",
    timestamp: event.timestamp,
    logNumber: log_number,
    afterSequence: after_sequence,
    level: text(data.level),
    role: text(data.role),
    agentName: text(data.agent_name) ?? (is_error ? text(data.agent_type) : null),
    content: text(is_error ? data.error_message : data.content) ?? "",
  };
}

/** Agents without an id get the one the server gives them: type and place. */
export function participants_of(event: StreamEvent): Participant[] {
  const list = Array.isArray(event.data.participants) ? event.data.participants : [];
  return list.map(object).flatMap((item, index) => {
    const type = text(item?.agent_type);
    if (!item || !type) return [];
    return [
      {
        agentId: text(item.agent_id) ?? `${type}-${index}`,
        agentType: type,
        agentName: text(item.name),
        model: text(item.model),
        prompt: text(item.prompt),
        cliVersion: text(item.cli_version),
      },
    ];
  });
}

export function summary_of(event: StreamEvent): Summary | null {
  const summary = object(event.data.summary);
  if (!summary) return null;
  return {
    shortText: text(summary.short_text),
    text: text(summary.text),
    agentType: text(summary.agent_type),
    model: text(summary.model),
    totalTokens: number(summary.total_tokens),
    cost: number(summary.cost),
  };
}

const k_statuses: Record<string, Status> = {
  completed: "COMPLETED",
  interrupted: "INTERRUPTED",
  cancelled: "INTERRUPTED",
  error: "ERROR",
};

/** The status that a `conversation.completed` ends in. */
export function final_status(event: StreamEvent): Status {
  return k_statuses[(text(event.data.status) ?? "").toLowerCase()] ?? "COMPLETED";
}
