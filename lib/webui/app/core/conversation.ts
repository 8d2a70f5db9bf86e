// One conversation as a page holds it: a run of its messages, its notes, its totals. Events and pages come in any
// order and more than once; the result is the same.

import { parse_cursor } from "../api/cursor";
import { message_of, note_of, type StreamEvent } from "../api/events";
import type { Message, Note, Session } from "../api/types";
import { apply, resnapshot, snapshot, type LiveSession } from "./live_session";

export interface Conversation {
  live: LiveSession;
  /** Ordered by sequence number; each id once. */
  messages: readonly Message[];
  /** Ordered by log number; each once. */
  notes: readonly Note[];
  /** Whether the server has messages before the first, or after the last one here. */
  has_earlier: boolean;
  has_later: boolean;
  /** Up to here the messages are what the server has, numbers left out included. */
  settled: number;
}

/** What a page of messages says about its surroundings. */
export interface Page {
  messages: readonly Message[];
  /** The page is as long as pages get: there may be more beyond it. */
  full: boolean;
}

const by_sequence = (a: Message, b: Message): number => a.sequenceNumber - b.sequenceNumber;
const last = <T>(list: readonly T[]): T | undefined => list[list.length - 1];

/** Both lists in order, each id once; of two with one id the later given stays. */
function merge(old: readonly Message[], fresh: readonly Message[]): readonly Message[] {
  if (fresh.length === 0) return old;
  const newest = last(old)?.sequenceNumber ?? -Infinity;
  const appends = fresh.every((message, i) => message.sequenceNumber > (fresh[i - 1]?.sequenceNumber ?? newest));
  if (appends) return [...old, ...fresh];
  const by_id = new Map(old.map((message) => [message.id, message]));
  for (const message of fresh) by_id.set(message.id, message);
  return [...by_id.values()].sort(by_sequence);
}

function merge_notes(old: readonly Note[], fresh: readonly Note[]): readonly Note[] {
  if (fresh.length === 0) return old;
  const by_number = new Map(old.map((note) => [note.logNumber, note]));
  for (const note of fresh) if (!by_number.has(note.logNumber)) by_number.set(note.logNumber, note);
  return by_number.size === old.length ? old : [...by_number.values()].sort((a, b) => a.logNumber - b.logNumber);
}

const newest_of = (messages: readonly Message[]): number => last(messages)?.sequenceNumber ?? 0;

export function newest(conversation: Conversation): number {
  return newest_of(conversation.messages);
}

/** After which message a reader who stops here is told of new ones instead of being shown them. */
export function hold_mark(conversation: Conversation): number {
  // Short of the end, what is loaded next is no news.
  return conversation.has_later ? Infinity : newest(conversation);
}

export function open_conversation(
  session: Session,
  cursor: string | null,
  messages: readonly Message[],
  edges: { has_earlier: boolean; has_later: boolean },
): Conversation {
  const ordered = merge([], [...messages].sort(by_sequence));
  return { live: snapshot(session, cursor), messages: ordered, notes: [], settled: newest_of(ordered), ...edges };
}

/** The settled end after messages that follow it without a hole. */
function settle(messages: readonly Message[], settled: number): number {
  // What is new is at the end.
  let start = messages.length;
  while (start > 0 && messages[start - 1]!.sequenceNumber > settled) start--;
  let end = settled;
  for (let i = start; i < messages.length && messages[i]!.sequenceNumber <= end + 1; i++) end = messages[i]!.sequenceNumber;
  return end;
}

const k_note_types = new Set(["log.entry", "conversation.error"]);

/** Adds events in the order they came. */
export function add_events(conversation: Conversation, events: readonly StreamEvent[]): Conversation {
  const messages: Message[] = [];
  const notes: Note[] = [];
  let { live } = conversation;
  let after = newest(conversation);
  for (const event of events) {
    live = apply(live, event);
    const log_number = parse_cursor(event.id)?.n;
    if (event.type === "message.created") {
      const message = message_of(event);
      if (message) {
        messages.push(message);
        after = Math.max(after, message.sequenceNumber);
      }
    } else if (k_note_types.has(event.type) && log_number !== undefined) {
      notes.push(note_of(event, log_number, after));
    }
  }
  // A run that stops before the end stays a run: what comes live is fetched when the reader gets there.
  const merged = conversation.has_later ? conversation.messages : merge(conversation.messages, messages);
  return {
    ...conversation,
    live,
    messages: merged,
    notes: merge_notes(conversation.notes, notes),
    settled: settle(merged, conversation.settled),
  };
}

/** Most messages that are kept for a reader who is still further up; the rest is fetched when it is wanted. */
export const k_most_held = 5_000;

/** Drops the newest of what is held back after `held_after`, where that has become too much. */
export function drop_held(conversation: Conversation, held_after: number): Conversation {
  const { messages } = conversation;
  const spare = messages[messages.length - k_most_held - 1];
  if (!spare || spare.sequenceNumber <= held_after) return conversation;
  const held = messages.findIndex((message) => message.sequenceNumber > held_after);
  const kept = messages.slice(0, held + k_most_held);
  return { ...conversation, messages: kept, has_later: true, settled: Math.min(conversation.settled, newest_of(kept)) };
}

export function add_notes(conversation: Conversation, notes: readonly Note[]): Conversation {
  return { ...conversation, notes: merge_notes(conversation.notes, notes) };
}

/** A page asked for with `before_seq` of the first message. */
export function add_earlier(conversation: Conversation, page: Page): Conversation {
  return { ...conversation, messages: merge(conversation.messages, page.messages), has_earlier: page.full };
}

/** A page asked for with `after_seq` of the settled end: settles what it covers. */
export function add_later(conversation: Conversation, page: Page): Conversation {
  const messages = merge(conversation.messages, page.messages);
  const reached = page.full ? Math.max(conversation.settled, ...page.messages.map((m) => m.sequenceNumber)) : newest_of(messages);
  return { ...conversation, messages, settled: settle(messages, reached), has_later: conversation.has_later && page.full };
}

/** Takes the session's facts from a newer answer of the server. */
export function add_snapshot(conversation: Conversation, session: Session, cursor: string | null): Conversation {
  return { ...conversation, live: resnapshot(conversation.live, session, cursor) };
}

/** Whether a message came whose forerunners are missing: then pages after `settled` have to be asked for. */
export function has_hole(conversation: Conversation): boolean {
  return !conversation.has_later && newest(conversation) > conversation.settled;
}
