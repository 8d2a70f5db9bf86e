// The rows of the list, kept right by events.

import { conversation_id, type StreamEvent } from "../api/events";
import type { Session } from "../api/types";
import { is_covered } from "../api/cursor";
import { apply, resnapshot, session_of, snapshot, type LiveSession } from "./live_session";

export interface List {
  rows: readonly LiveSession[];
  total: number;
  cursor: string | null;
  /** Sessions that began since and are not among the rows. */
  waiting: number;
}

export function open_list(sessions: readonly Session[], total: number, cursor: string | null): List {
  return { rows: sessions.map((session) => snapshot(session, cursor)), total, cursor, waiting: 0 };
}

/** Where a new session goes: to the top of the newest page, or into the count of those waiting. */
export interface Place {
  insert: boolean;
  limit: number;
}

export function add_event(list: List, event: StreamEvent, place: Place): List {
  const id = conversation_id(event);
  if (!id || is_covered(event.id, list.cursor)) return list;
  const at = list.rows.findIndex((row) => row.session.id === id);
  if (at !== -1) return { ...list, rows: list.rows.map((row, i) => (i === at ? apply(row, event) : row)) };
  const session = session_of(event);
  if (!session) return list;
  if (!place.insert) return { ...list, waiting: list.waiting + 1 };
  // What the row's first snapshot counts is this very event.
  const row = snapshot(session, event.id);
  return { ...list, rows: [row, ...list.rows].slice(0, place.limit), total: list.total + 1 };
}

export function replace_session(list: List, session: Session, cursor: string | null): List {
  return {
    ...list,
    rows: list.rows.map((row) => (row.session.id === session.id ? resnapshot(row, session, cursor) : row)),
  };
}
