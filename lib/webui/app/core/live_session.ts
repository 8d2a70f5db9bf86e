// A session's own facts and totals, kept right by events. A snapshot from the server says up to which place in the
// log it counts; events after that place are added to it, each once.

import { is_covered } from "../api/cursor";
import { conversation_id, final_status, message_of, participants_of, summary_of, type StreamEvent } from "../api/events";
import type { Session, Status } from "../api/types";
import { k_statuses } from "./url";

export interface LiveSession {
  /** The snapshot with the events since then. */
  session: Session;
  /** What the snapshot counts. */
  cursor: string | null;
  /** Events added since the snapshot, for the case that the next one is older than the newest of them. */
  recent: readonly StreamEvent[];
}

// A snapshot is asked for and answered within seconds; older events are surely in it.
const k_recent = 1_000;

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const sum = (total: number, part: number | null): number => total + (part ?? 0);

/** The status that the server has come to by itself; what a client says in an update changes none. */
export function presumed_status(event: StreamEvent): Status | null {
  const { status, inferred } = event.data;
  if (event.type !== "conversation.updated" || inferred !== true) return null;
  return k_statuses.find((known) => known === status) ?? null;
}

type Fold = (session: Session, event: StreamEvent) => Session;

const k_folds: Record<string, Fold> = {
  // A session may have been made by a message that overtook this event.
  "conversation.started": (session, event) => ({
    ...session,
    name: text(event.data.name) ?? session.name,
    mode: text(event.data.mode) ?? session.mode,
    initialPrompt: text(event.data.initial_prompt) ?? session.initialPrompt,
    participants: session.participants.length > 0 ? session.participants : participants_of(event),
  }),
  "message.created": (session, event) => {
    const message = message_of(event);
    if (!message) return session;
    return {
      ...session,
      totalMessages: session.totalMessages + 1,
      totalTokens: sum(session.totalTokens, message.totalTokens),
      inputTokens: sum(session.inputTokens, message.inputTokens),
      outputTokens: sum(session.outputTokens, message.outputTokens),
      totalCost: message.cost === null ? session.totalCost : sum(message.cost, session.totalCost),
      updatedAt: event.timestamp,
    };
  },
  "conversation.completed": (session, event) => {
    const seconds = event.data.duration_seconds;
    return {
      ...session,
      status: final_status(event),
      statusInferred: false,
      completedAt: event.timestamp,
      totalDuration: typeof seconds === "number" ? seconds * 1000 : session.totalDuration,
      summary: summary_of(event) ?? session.summary,
    };
  },
  "conversation.error": (session, event) => ({
    ...session,
    errorCount: session.errorCount + 1,
    errorMessage: text(event.data.error_message) ?? session.errorMessage,
  }),
  "conversation.updated": (session, event) => {
    const named = { ...session, name: text(event.data.name) ?? session.name };
    const status = presumed_status(event);
    return status ? { ...named, status, statusInferred: status !== "ACTIVE" } : named;
  },
};

const fold: Fold = (session, event) => k_folds[event.type]?.(session, event) ?? session;

/** Whether nothing more is expected. An end that is only inferred is taken back by the next event. */
export const is_over = ({ status, statusInferred }: Session): boolean => status !== "ACTIVE" && !statusInferred;

export function snapshot(session: Session, cursor: string | null): LiveSession {
  return { session, cursor, recent: [] };
}

export function apply(live: LiveSession, event: StreamEvent): LiveSession {
  if (is_covered(event.id, live.cursor)) return live;
  return {
    session: fold(live.session, event),
    cursor: live.cursor,
    recent: [...live.recent.slice(1 - k_recent), event],
  };
}

/** Takes a newer snapshot and adds again what it does not contain yet. */
export function resnapshot(live: LiveSession, session: Session, cursor: string | null): LiveSession {
  return live.recent.reduce(apply, snapshot(session, cursor));
}

/** The session that a `conversation.started` begins. */
export function session_of(event: StreamEvent): Session | null {
  const id = conversation_id(event);
  if (event.type !== "conversation.started" || !id) return null;
  const max_turns = event.data.max_turns;
  const blank: Session = {
    id,
    name: null,
    mode: null,
    status: "ACTIVE",
    source: null,
    sourceFormat: text(event.data.source_format),
    machine: text(event.data.machine),
    startedAt: event.timestamp,
    completedAt: null,
    updatedAt: event.timestamp,
    initialPrompt: null,
    maxTurns: typeof max_turns === "number" ? max_turns : null,
    totalMessages: 0,
    totalTokens: 0,
    inputTokens: 0,
    outputTokens: 0,
    totalCost: null,
    totalDuration: null,
    errorCount: 0,
    errorMessage: null,
    summary: null,
    participants: [],
  };
  return fold(blank, event);
}
