import type { Session, Status } from "../api/types";
import type { StreamState } from "../api/stream";
import { ticking } from "../core/format";
import { now } from "../state/clock";
import type { Connection } from "../state/connection";

const k_statuses: Record<Status, { glyph: string; word: string; tone: string }> = {
  ACTIVE: { glyph: "●", word: "Active", tone: "good" },
  COMPLETED: { glyph: "✓", word: "Completed", tone: "info" },
  INTERRUPTED: { glyph: "◼", word: "Interrupted", tone: "warn" },
  ERROR: { glyph: "✕", word: "Error", tone: "bad" },
};

/** Why a session counts as interrupted though nobody said so, and what becomes of it. */
export const k_silent = "No event for a while; it goes on when one comes.";
const k_silent_glyph = "□";

export function StatusMark({ of: { status, statusInferred } }: { of: Pick<Session, "status" | "statusInferred"> }) {
  const { glyph, word, tone } = k_statuses[status] ?? { glyph: "?", word: status, tone: "quiet" };
  return (
    <span class={`status ${tone}`} title={statusInferred ? k_silent : undefined}>
      <span aria-hidden="true">{statusInferred ? k_silent_glyph : glyph}</span> {word}
    </span>
  );
}

const k_streams: Record<StreamState["kind"], { glyph: string; word: string; tone: string }> = {
  connecting: { glyph: "◌", word: "Connecting", tone: "quiet" },
  live: { glyph: "●", word: "Live", tone: "good" },
  reconnecting: { glyph: "◐", word: "Reconnecting", tone: "warn" },
  offline: { glyph: "○", word: "Offline", tone: "bad" },
  ended: { glyph: "■", word: "Ended", tone: "quiet" },
};

const k_paused = { glyph: "‖", word: "Paused", tone: "warn" };

/** Whether news arrive, in a sign and a word. */
export function StreamMark({ state, paused, last_event_at, retry }: Connection) {
  const { glyph, word, tone } = paused && state.kind === "live" ? k_paused : k_streams[state.kind];
  const wait = state.kind === "reconnecting" ? Math.max(0, Math.ceil((state.retry_at - now.value) / 1000)) : 0;
  const age = last_event_at === null ? "" : `Last event ${ticking(now.value - last_event_at)} ago`;
  return (
    <span class={`status stream ${tone}`} data-stream={state.kind} title={age}>
      <span aria-hidden="true">{glyph}</span> <span class="stream-word">{word}</span>
      {wait > 0 && <span class="stream-word"> in {wait} s</span>}
      {state.kind === "reconnecting" && (
        <button type="button" class="link" onClick={retry}>
          Now
        </button>
      )}
    </span>
  );
}
