// What the transcript shows, line by line, made from a conversation.

import type { Message, Note, Session, Summary } from "../api/types";
import type { Conversation } from "./conversation";
import type { Zone } from "./times";

export type Row =
  | { kind: "prompt"; key: string; session: Session }
  | { kind: "earlier"; key: string }
  | { kind: "note"; key: string; note: Note }
  | { kind: "error"; key: string; note: Note }
  | { kind: "pause"; key: string; ms: number }
  | { kind: "message"; key: string; message: Message; /** First of its author's: shows who. */ head: boolean }
  | { kind: "new"; key: string }
  | { kind: "day"; key: string; timestamp: string }
  | { kind: "later"; key: string }
  | { kind: "summary"; key: string; summary: Summary };

const k_same_head_ms = 2 * 60_000;
const k_pause_ms = 5 * 60_000;
const k_utc_day = "Mon, 05 Jan 2026".length;

// Lists of ten thousand messages are gone through for every new one: what is known of a message is kept with it, and
// its row stays the same object, so that nothing draws it again.
interface Moment {
  ms: number;
  days: Record<Zone, string>;
}
const moments = new WeakMap<Message, Moment>();
const message_rows = new WeakMap<Message, Extract<Row, { kind: "message" }>>();
const note_rows = new WeakMap<Note, Row>();

function moment_of(message: Message): Moment {
  const known = moments.get(message);
  if (known) return known;
  const date = new Date(message.timestamp);
  const moment = { ms: date.getTime(), days: { local: date.toDateString(), utc: date.toUTCString().slice(0, k_utc_day) } };
  moments.set(message, moment);
  return moment;
}

function message_row(message: Message, head: boolean): Row {
  const known = message_rows.get(message);
  if (known?.head === head) return known;
  const row = { kind: "message", key: `m${message.id}`, message, head } as const;
  message_rows.set(message, row);
  return row;
}

function note_row(note: Note): Row {
  const known = note_rows.get(note);
  if (known) return known;
  const row: Row = { kind: note.type === "conversation.error" ? "error" : "note", key: `n${note.logNumber}`, note };
  note_rows.set(note, row);
  return row;
}

/** What of a conversation is shown. */
export interface Shown {
  /** Messages with a greater number (and what follows them) are left out. */
  held_after: number;
  /** Only these agents' messages; empty: all. */
  agents: readonly string[];
  /** Above the first message after this number stands "New"; Infinity: nowhere. */
  new_after: number;
  /** Whose days they are. */
  zone: Zone;
}

export const everything: Shown = { held_after: Infinity, agents: [], new_after: Infinity, zone: "local" };

/** Adds a message with what stands above it. `apart`: something else lies between it and the one before. */
function push_message(rows: Row[], message: Message, before: Message | null, { new_after, zone }: Shown, apart: boolean): void {
  const count = rows.length;
  const { ms, days } = moment_of(message);
  const last_moment = before && moment_of(before);
  const gap = last_moment ? ms - last_moment.ms : 0;
  if (last_moment && last_moment.days[zone] !== days[zone]) {
    rows.push({ kind: "day", key: `d${message.id}`, timestamp: message.timestamp });
  } else if (gap >= k_pause_ms) rows.push({ kind: "pause", key: `p${message.id}`, ms: gap });
  if (message.sequenceNumber > new_after && (before?.sequenceNumber ?? 0) <= new_after) rows.push({ kind: "new", key: "new" });
  const head = apart || !before || rows.length > count || before.agentId !== message.agentId || gap > k_same_head_ms;
  rows.push(message_row(message, head));
}

export function rows_of(conversation: Conversation, shown: Shown): Row[] {
  const { held_after, agents } = shown;
  const { messages, notes, has_earlier, has_later } = conversation;
  const { session } = conversation.live;
  const rows: Row[] = [];
  if (has_earlier) rows.push({ kind: "earlier", key: "earlier" });
  else if (session.initialPrompt) rows.push({ kind: "prompt", key: "prompt", session });

  let next_note = 0;
  const first = messages[0]?.sequenceNumber ?? 0;
  // With earlier messages missing, the notes between them would stand at the wrong place.
  if (has_earlier) while (next_note < notes.length && notes[next_note]!.afterSequence < first) next_note++;
  const notes_before = (sequence: number) => {
    while (next_note < notes.length && notes[next_note]!.afterSequence < sequence) rows.push(note_row(notes[next_note++]!));
  };

  let before: Message | null = null;
  for (const message of messages) {
    if (message.sequenceNumber > held_after) break;
    if (agents.length > 0 && !agents.includes(message.agentId ?? "")) continue;
    const count = rows.length;
    notes_before(message.sequenceNumber);
    push_message(rows, message, before, shown, rows.length > count);
    before = message;
  }

  const last = messages[messages.length - 1]?.sequenceNumber ?? 0;
  if (has_later && last <= held_after) rows.push({ kind: "later", key: "later" });
  if (!has_later) notes_before(Math.min(last, held_after) + 1);
  const complete = !has_later && last <= held_after;
  if (complete && session.summary) rows.push({ kind: "summary", key: "summary", summary: session.summary });
  return rows;
}

export interface Drawn {
  conversation: Conversation;
  shown: Shown;
  rows: readonly Row[];
}

/** Whether all that has changed since is that messages followed the last one. */
function only_grew({ conversation: then, shown }: Drawn, now: Conversation, wanted: Shown): boolean {
  const end = then.messages.length;
  const last = then.messages[end - 1];
  return (
    last !== undefined && shown === wanted && shown.agents.length === 0 && shown.held_after === Infinity && shown.new_after === Infinity &&
    then.messages[0] === now.messages[0] && last === now.messages[end - 1] &&
    then.notes === now.notes && (then.notes[then.notes.length - 1]?.afterSequence ?? 0) <= last.sequenceNumber &&
    !now.has_later && then.has_later === now.has_later && then.has_earlier === now.has_earlier &&
    now.live.session.summary === null && then.live.session.initialPrompt === now.live.session.initialPrompt
  );
}

/** rows_of(), from what was drawn last where that is cheaper: a stream into a long session only makes it longer. */
export function next_rows(drawn: Drawn | null, conversation: Conversation, shown: Shown): readonly Row[] {
  if (!drawn || !only_grew(drawn, conversation, shown)) return rows_of(conversation, shown);
  const end = drawn.conversation.messages.length;
  if (end === conversation.messages.length) return drawn.rows;
  const rows = [...drawn.rows];
  for (let i = end; i < conversation.messages.length; i++) {
    push_message(rows, conversation.messages[i]!, conversation.messages[i - 1]!, shown, rows[rows.length - 1]!.kind !== "message");
  }
  return rows;
}

/** How many messages `held_after` leaves out, and how many errors with them. */
export function held_back(conversation: Conversation, held_after: number): { messages: number; errors: number } {
  if (held_after === Infinity) return { messages: 0, errors: 0 };
  return {
    messages: conversation.messages.filter((message) => message.sequenceNumber > held_after).length,
    errors: conversation.notes.filter((note) => note.type === "conversation.error" && note.afterSequence > held_after).length,
  };
}
