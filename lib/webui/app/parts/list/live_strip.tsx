import { useEffect, useMemo } from "preact/hooks";
import type { Stream } from "../../api/stream";
import type { Session } from "../../api/types";
import { compact, cost, count, plural } from "../../core/format";
import { session_path } from "../../core/routes";
import { parse_list, type ListQuery } from "../../core/url";
import { list_href } from "../../state/list_place";
import { ListStore } from "../../state/list_store";
import { live_count } from "../../state/live_count";
import { href } from "../../state/router";
import { Duration, session_name } from "../session_facts";
import { Agents } from "./agents";

const k_most = 6;
const k_running: ListQuery = { ...parse_list(""), status: "ACTIVE", limit: k_most };

function LiveCard({ session }: { session: Session }) {
  return (
    <li class="live-card">
      <a class="row-link" href={href(session_path(session.id))} dir="auto">
        {session_name(session)}
      </a>
      <p class="live-agents">
        <Agents session={session} />
        <span class="watch">Watch live</span>
      </p>
      <p class="quiet live-facts">
        <span class="good">
          <span aria-hidden="true">●</span> <Duration session={session} />
        </span>
        <span>{plural(session.totalMessages, "message")}</span>
        <span>{compact(session.totalTokens)} tokens</span>
        <span>{cost(session.totalCost)}</span>
      </p>
    </li>
  );
}

/** What runs now, on top of the list; nothing when nothing runs. */
export function LiveStrip({ stream }: { stream: Stream }) {
  const store = useMemo(() => new ListStore(k_running, stream, { previous: null, only_running: true }), [stream]);
  useEffect(() => () => store.close(), [store]);
  const list = store.list.value;
  useEffect(() => {
    if (list) live_count.value = list.total;
  }, [list?.total]);
  if (!list || list.rows.length === 0) return null;
  return (
    <section class="live-strip" aria-labelledby="live-now">
      <h2 id="live-now">
        Live now
        {list.total > k_most && <a href={list_href({ ...k_running, limit: 25 })}>all {count(list.total)}</a>}
      </h2>
      <ul>
        {list.rows.map(({ session }) => (
          <LiveCard key={session.id} session={session} />
        ))}
      </ul>
    </section>
  );
}
