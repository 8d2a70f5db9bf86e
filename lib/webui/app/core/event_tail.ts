// The last events of the stream, as a list that a reader can stop and sift.

import type { StreamEvent } from "../api/events";
import { conversation_id } from "../api/events";

export interface TailLine {
  key: number;
  type: string;
  timestamp: string;
  conversation: string | null;
  id: string | null;
}

export const k_tail_lines = 100;

/** Newest first. */
export function with_event(lines: readonly TailLine[], event: StreamEvent, key: number): readonly TailLine[] {
  const { type, timestamp, id } = event;
  return [{ key, type, timestamp, conversation: conversation_id(event), id }, ...lines].slice(0, k_tail_lines);
}

export const types_in = (lines: readonly TailLine[]): readonly string[] => [...new Set(lines.map(({ type }) => type))].sort();
