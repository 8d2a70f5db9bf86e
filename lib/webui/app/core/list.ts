// The rows of the list, kept right by events.

import { conversation_id, type StreamEvent } from "../api/events";
import type { Session } from "../api/types";
import { is_covered } from "../api/cursor";
import { apply, presumed_status, resnapshot, session_of, snapshot, type LiveSession } from "./live_session";
import { is_newest_first, values_of, type ListQuery } from "./url";

export interface List {
  rows: readonly LiveSession[];
  total: number;
  cursor: string | null;
  /** Sessions that began since and are not among the rows. */
  waiting: number;
  /** Where `only_running`: which rows there should be now, only the server can tell. */
  is_stale: boolean;
}

export function open_list(sessions: readonly Session[], total: number, cursor: string | null): List {
  return { rows: sessions.map((session) => snapshot(session, cursor)), total, cursor, waiting: 0, is_stale: false };
}

/** What becomes of a session that begins: a row at the top, one more that waits, or nothing. */
export type Arrival = "insert" | "wait" | "ignore";

export interface Place {
  arrival(session: Session): Arrival;
  limit: number;
  /** Rows of sessions that have ended are taken away. */
  only_running: boolean;
}

function remove(list: List, id: string, { limit, only_running }: Place): List {
  const rows = list.rows.filter((row) => row.session.id !== id);
  const total = Math.max(0, list.total - 1);
  return { ...list, rows, total, is_stale: list.is_stale || (only_running && rows.length < Math.min(total, limit)) };
}

function add_session(list: List, session: Session, event: StreamEvent, place: Place): List {
  const arrival = place.arrival(session);
  if (arrival === "ignore") return list;
  if (arrival === "wait") return { ...list, waiting: list.waiting + 1 };
  // What the row's first snapshot counts is this very event.
  const row = snapshot(session, event.id);
  return { ...list, rows: [row, ...list.rows].slice(0, place.limit), total: list.total + 1 };
}

const k_ends = ["conversation.completed", "conversation.deleted"];

/** Whether a session without a row has begun to count among those that run, or may have ceased to. */
function moves_the_unseen(list: List, event: StreamEvent): boolean {
  const status = presumed_status(event);
  if (status === "ACTIVE") return true;
  return list.total > list.rows.length && (status !== null || k_ends.includes(event.type));
}

function add_unseen(list: List, event: StreamEvent, place: Place): List {
  const session = session_of(event);
  if (session) return add_session(list, session, event, place);
  return place.only_running && moves_the_unseen(list, event) ? { ...list, is_stale: true } : list;
}

export function add_event(list: List, event: StreamEvent, place: Place): List {
  const id = conversation_id(event);
  if (!id || is_covered(event.id, list.cursor)) return list;
  const at = list.rows.findIndex((row) => row.session.id === id);
  if (at === -1) return add_unseen(list, event, place);
  const row = apply(list.rows[at]!, event);
  const has_left = place.only_running && row.session.status !== "ACTIVE";
  if (has_left || event.type === "conversation.deleted") return remove(list, id, place);
  return { ...list, rows: list.rows.map((other, i) => (i === at ? row : other)) };
}

export function replace_session(list: List, session: Session, cursor: string | null): List {
  return {
    ...list,
    rows: list.rows.map((row) => (row.session.id === session.id ? resnapshot(row, session, cursor) : row)),
  };
}

const includes = (filter: string, value: string | null): boolean => filter === "" || values_of(filter).includes(value ?? "");

// What only the server can decide, or what a session that has just begun cannot fulfil yet.
const k_undecided = ["q", "model", "to", "min_cost", "min_tokens", "error"] as const;

/** Whether a session that has just begun belongs into the list that `query` asks for, and where. */
export function arrival_of(session: Session, query: ListQuery, at_top: boolean): Arrival {
  const fits =
    k_undecided.every((name) => query[name] === "") &&
    includes(query.status, session.status) &&
    includes(query.source, session.source) &&
    includes(query.mode, session.mode) &&
    (query.agent === "" || session.participants.some(({ agentType }) => includes(query.agent, agentType)));
  if (!fits) return "ignore";
  return at_top && is_newest_first(query) ? "insert" : "wait";
}
