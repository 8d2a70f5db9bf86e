import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../core/conversation";
import { plural } from "../../core/format";
import { reveal } from "../../core/unicode";
import { announce } from "../../state/announce";
import { notify } from "../../state/notify";
import { session_name } from "../session_facts";
import { k_silent } from "../status";

// The reader hears at most this often what came.
const k_announce_ms = 5_000;

function authors_after(conversation: Conversation, sequence: number): string {
  const names = conversation.messages.filter((message) => message.sequenceNumber > sequence).map(({ agentName, agentType }) => agentName ?? agentType ?? "");
  return [...new Set(names.filter(Boolean))].map(reveal).join(", ");
}

/** Says politely what came: the transcript itself is silent. */
export function useNews(conversation: Conversation): void {
  const { session } = conversation.live;
  const { status, statusInferred, totalMessages } = session;
  const said = useRef({ total: totalMessages, newest: conversation.messages[conversation.messages.length - 1]?.sequenceNumber ?? 0, at: 0, status });
  const latest = useRef(conversation);
  latest.current = conversation;
  useEffect(() => {
    if (status !== said.current.status) {
      said.current.status = status;
      const news = statusInferred ? k_silent : `The session is ${status.toLowerCase()}.`;
      announce(news);
      if (status !== "ACTIVE") notify(session_name(session), news, session.id);
      return;
    }
    if (status !== "ACTIVE" || totalMessages <= said.current.total) return;
    const say = () => {
      const { messages } = latest.current;
      const from = authors_after(latest.current, said.current.newest);
      const total = latest.current.live.session.totalMessages;
      announce(`${plural(total - said.current.total, "new message")}${from && ` from ${from}`}.`);
      said.current = { ...said.current, total, newest: messages[messages.length - 1]?.sequenceNumber ?? 0, at: Date.now() };
    };
    const timer = setTimeout(say, Math.max(0, said.current.at + k_announce_ms - Date.now()));
    return () => clearTimeout(timer);
  }, [status, totalMessages]);
}

/** How many messages came while nobody could see the page. */
export function useUnseen(total: number): number {
  const [seen, set_seen] = useState(total);
  const latest = useRef(total);
  latest.current = total;
  useEffect(() => {
    // What came up to now is seen when the page is left and when it is back.
    const on_change = () => set_seen(latest.current);
    document.addEventListener("visibilitychange", on_change);
    return () => document.removeEventListener("visibilitychange", on_change);
  }, []);
  return document.visibilityState === "hidden" ? Math.max(0, total - seen) : 0;
}
