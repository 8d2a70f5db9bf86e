// What the transcript shows, line by line, made from a conversation.

import type { Message, Note, Session, Summary } from "../api/types";
import type { Conversation } from "./conversation";

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

const gap_ms = (before: Message, after: Message): number => Date.parse(after.timestamp) - Date.parse(before.timestamp);

function note_row(note: Note): Row {
  return { kind: note.type === "conversation.error" ? "error" : "note", key: `n${note.logNumber}`, note };
}

/** What of a conversation is shown. */
export interface Shown {
  /** Messages with a greater number (and what follows them) are left out. */
  held_after: number;
  /** Only these agents' messages; empty: all. */
  agents: readonly string[];
  /** Above the first message after this number stands "New"; Infinity: nowhere. */
  new_after: number;
}

export const everything: Shown = { held_after: Infinity, agents: [], new_after: Infinity };

const day_of = (timestamp: string): string => new Date(timestamp).toDateString();

export function rows_of(conversation: Conversation, { held_after, agents, new_after }: Shown): Row[] {
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
    const gap = before ? gap_ms(before, message) : 0;
    if (before && day_of(before.timestamp) !== day_of(message.timestamp)) {
      rows.push({ kind: "day", key: `d${message.id}`, timestamp: message.timestamp });
    } else if (gap >= k_pause_ms) rows.push({ kind: "pause", key: `p${message.id}`, ms: gap });
    if (message.sequenceNumber > new_after && (before?.sequenceNumber ?? 0) <= new_after) rows.push({ kind: "new", key: "new" });
    const head = !before || rows.length > count || before.agentId !== message.agentId || gap > k_same_head_ms;
    rows.push({ kind: "message", key: `m${message.id}`, message, head });
    before = message;
  }

  const last = messages[messages.length - 1]?.sequenceNumber ?? 0;
  if (has_later) rows.push({ kind: "later", key: "later" });
  else notes_before(Math.min(last, held_after) + 1);
  const complete = !has_later && last <= held_after;
  if (complete && session.summary) rows.push({ kind: "summary", key: "summary", summary: session.summary });
  return rows;
}

/** How many messages `held_after` leaves out, and how many errors with them. */
export function held_back(conversation: Conversation, held_after: number): { messages: number; errors: number } {
  return {
    messages: conversation.messages.filter((message) => message.sequenceNumber > held_after).length,
    errors: conversation.notes.filter((note) => note.type === "conversation.error" && note.afterSequence > held_after).length,
  };
}
