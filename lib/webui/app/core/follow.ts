// Whether the transcript runs with the conversation. Following stops at the first sign that the reader wants to
// read; new messages are then held back, so that the end stands still and can be reached.

export interface Follow {
  mode: "following" | "paused";
  /** While paused: messages after this sequence number are held back. */
  held_after: number;
}

export type FollowEvent =
  /** Wheel up, PageUp, Home, arrow up, a finger pulling down, a selection, focus in a message, Space. */
  | { kind: "read"; newest: number }
  /** The scroller moved. `ours`: to the place where we put it, so nobody's wish. */
  | { kind: "scrolled"; from: number; to: number; end: number; ours: boolean; newest: number }
  /** The pill, End, G, the Resume button. */
  | { kind: "resume" };

// Fractions of pixels and a border; less than a line of text.
const k_end_slack_px = 8;

export const following: Follow = { mode: "following", held_after: Infinity };

const paused = (newest: number): Follow => ({ mode: "paused", held_after: newest });

export function step(state: Follow, event: FollowEvent): Follow {
  if (event.kind === "resume") return following;
  if (event.kind === "read") return state.mode === "paused" ? state : paused(event.newest);
  if (event.ours) return state;
  // Upwards to the very end: the window or a row has changed its size, and the browser moved the scroller.
  const is_clamped = event.end - event.to < 1;
  if (event.to < event.from) return state.mode === "paused" || is_clamped ? state : paused(event.newest);
  const at_end = event.end - event.to <= k_end_slack_px;
  return state.mode === "paused" && at_end && event.to > event.from ? following : state;
}

/** Keys that mean "I want to read further up". */
export const k_reading_keys = new Set(["PageUp", "Home", "ArrowUp"]);
