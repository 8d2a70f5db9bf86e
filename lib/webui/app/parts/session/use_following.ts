import { useEffect, useRef, useState } from "preact/hooks";
import { hold_mark, type Conversation } from "../../core/conversation";
import { following, step, type Follow } from "../../core/follow";
import type { SessionStore } from "../../state/session_store";

// How long "New" stands above what came while the reader was reading.
const k_new_ms = 10_000;

export interface Following {
  follow: Follow;
  follows: boolean;
  /** Above the first message after this one stands "New". */
  new_after: number;
  change(next: Follow): void;
  pause(): void;
  resume(): void;
  toggle(): void;
}

/** A running session is followed; one that has ended is read from where the reader opened it. */
function first_follow(is_active: boolean, wanted: boolean): Follow {
  return is_active && wanted ? following : { mode: "paused", held_after: Infinity };
}

export function useFollowing(store: SessionStore, conversation: Conversation, wanted: boolean): Following {
  const [follow, set_follow] = useState<Follow>(() => first_follow(conversation.live.session.status === "ACTIVE", wanted));
  store.held_after = follow.held_after;
  const [new_after, set_new_after] = useState(Infinity);
  useEffect(() => {
    if (new_after === Infinity) return;
    const timer = setTimeout(() => set_new_after(Infinity), k_new_ms);
    return () => clearTimeout(timer);
  }, [new_after]);
  const change = (next: Follow) => {
    if (next.mode === "following" && follow.held_after !== Infinity) set_new_after(follow.held_after);
    set_follow(next);
  };
  // A button may have been drawn some messages ago.
  const latest = useRef(conversation);
  latest.current = conversation;
  const pause = () => change(step(follow, { kind: "read", newest: hold_mark(latest.current) }));
  const resume = () => {
    if (conversation.has_later) void store.load({ from: "end" });
    change(following);
  };
  const follows = follow.mode === "following";
  return { follow, follows, new_after, change, pause, resume, toggle: () => (follows ? pause() : resume()) };
}
