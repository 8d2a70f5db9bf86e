import type { Session } from "../../api/types";
import type { List } from "../../core/list";
import { compact, cost, plural } from "../../core/format";
import { session_path } from "../../core/routes";
import type { Found } from "../../state/list_source";
import { href } from "../../state/router";
import { Duration, prompt_excerpt, session_name } from "../session_facts";
import { StatusMark } from "../status";
import { RelativeTime } from "../time";
import { Agents } from "./agents";
import { Snippets } from "./snippets";
import { WatchLink } from "./watch_link";

function Card({ session, found }: { session: Session; found: Found | undefined }) {
  return (
    <article class="session-card" data-session={session.id}>
      <p class="card-top">
        <StatusMark of={session} />
        <span class="quiet">
          <RelativeTime iso={session.startedAt} />
        </span>
      </p>
      <h2>
        <a class="row-link" href={href(session_path(session.id))} dir="auto">
          {session_name(session)}
        </a>
      </h2>
      <p class="quiet card-prompt" dir="auto">
        {session.errorMessage ? <span class="bad">{session.errorMessage}</span> : prompt_excerpt(session)}
      </p>
      <p class="card-agents">
        <Agents session={session} />
        {session.status === "ACTIVE" && <WatchLink session={session} />}
      </p>
      <p class="card-facts quiet">
        <span>{plural(session.totalMessages, "message")}</span>
        <span>{compact(session.totalTokens)} tokens</span>
        <span>{cost(session.totalCost)}</span>
        <span>
          <Duration session={session} />
        </span>
      </p>
      {found && <Snippets id={session.id} found={found} />}
    </article>
  );
}

export function Cards({ list, found, loading }: { list: List; found: ReadonlyMap<string, Found> | null; loading: boolean }) {
  return (
    <div class={loading ? "cards stale" : "cards"} aria-busy={loading}>
      {list.rows.map(({ session }) => (
        <Card key={session.id} session={session} found={found?.get(session.id)} />
      ))}
    </div>
  );
}
