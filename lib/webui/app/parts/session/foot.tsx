import { author_of, type Agent } from "../../core/agents";
import type { Conversation } from "../../core/conversation";
import { count, plural, ticking } from "../../core/format";
import { is_over } from "../../core/live_session";
import { reveal } from "../../core/unicode";
import { now } from "../../state/clock";
import type { SessionStore } from "../../state/session_store";
import { k_silent } from "../status";

// A model that thinks for longer than this leaves the reader wondering.
const k_waiting_ms = 3_000;

/** In a round the next speaker can be guessed. */
function next_guess(conversation: Conversation, agents: readonly Agent[]): string {
  const { messages, live } = conversation;
  const last = messages[messages.length - 1];
  if (live.session.mode !== "round-robin" || agents.length < 2 || !last) return "";
  const at = agents.findIndex(({ id }) => id === author_of(last, agents).id);
  return at === -1 ? "" : ` · next, at a guess: ${reveal(agents[(at + 1) % agents.length]!.name)}`;
}

/** How much of the conversation is here, and whether the next message is waited for. */
export function Foot({ store, conversation, agents }: { store: SessionStore; conversation: Conversation; agents: readonly Agent[] }) {
  const { session } = conversation.live;
  const stream = store.stream_state.value.kind;
  const silence = now.value - store.last_event_at.value;
  const waits = session.status === "ACTIVE" && silence > k_waiting_ms && stream === "live";
  const partly = conversation.has_earlier || conversation.has_later;
  if (is_over(session) && !partly) return null;
  return (
    <footer class="session-foot">
      {partly && (
        <span>
          {count(conversation.messages.length)} of {plural(session.totalMessages, "message")} loaded
        </span>
      )}
      {store.catching_up.value && (
        <span>
          Catching up {count(conversation.messages.length)} of {count(session.totalMessages)}
        </span>
      )}
      {session.statusInferred && stream !== "ended" && <span class="waiting-line">{k_silent}</span>}
      {waits && (
        <span class="waiting-line">
          Waiting for next message · {ticking(silence)}
          {next_guess(conversation, agents)}
        </span>
      )}
    </footer>
  );
}
