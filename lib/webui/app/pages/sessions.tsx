import { useEffect, useMemo } from "preact/hooks";
import { base } from "../api/base";
import { direct_stream } from "../api/stream";
import type { Session } from "../api/types";
import { agents_of } from "../core/agents";
import { compact, cost, count, exact, plural } from "../core/format";
import type { List } from "../core/list";
import { session_path } from "../core/routes";
import { format_list, is_filtered, k_limits, parse_list, type ListQuery } from "../core/url";
import { AgentName } from "../parts/agent_mark";
import { EmptyBox, FailureBox } from "../parts/notice";
import { usePageTitle } from "../parts/page_title";
import { Duration, session_name } from "../parts/session_facts";
import { Skeleton } from "../parts/skeleton";
import { StatusMark } from "../parts/status";
import { RelativeTime } from "../parts/time";
import { useConnection } from "../state/connection";
import { ListStore } from "../state/list_store";
import { href, list_address, navigate, place } from "../state/router";

const k_shown_agents = 3;

function Agents({ session }: { session: Session }) {
  const agents = agents_of(session.participants);
  const more = agents.length - k_shown_agents;
  return (
    <>
      {agents.slice(0, k_shown_agents).map((agent) => (
        <AgentName key={agent.id} agent={agent} />
      ))}
      {more > 0 && <span class="quiet">+{more}</span>}
    </>
  );
}

function SessionRow({ session }: { session: Session }) {
  return (
    <tr data-session={session.id}>
      <td class="c-status">
        <StatusMark status={session.status} />
      </td>
      <td class="c-name">
        <a class="row-link" href={href(session_path(session.id))} dir="auto">
          {session_name(session)}
        </a>
        {session.errorCount > 0 && <span class="bad small"> {plural(session.errorCount, "error")}</span>}
      </td>
      <td class="c-agents">
        <Agents session={session} />
      </td>
      <td class="number" data-label="messages">
        {count(session.totalMessages)}
      </td>
      <td class="number" data-label="tokens" title={count(session.totalTokens)}>
        {compact(session.totalTokens)}
      </td>
      <td class="number" data-label="cost">
        {cost(session.totalCost)}
      </td>
      <td class="number c-duration">
        <Duration session={session} />
      </td>
      <td class="c-started" title={exact(session.startedAt)}>
        <RelativeTime iso={session.startedAt} />
      </td>
    </tr>
  );
}

function Table({ list, loading }: { list: List; loading: boolean }) {
  return (
    <table class={loading ? "sessions stale" : "sessions"} aria-busy={loading}>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Session</th>
          <th scope="col">Agents</th>
          <th scope="col" class="number">Messages</th>
          <th scope="col" class="number">Tokens</th>
          <th scope="col" class="number">Cost</th>
          <th scope="col" class="number">Duration</th>
          <th scope="col">Started</th>
        </tr>
      </thead>
      <tbody>
        {list.rows.map(({ session }) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </tbody>
    </table>
  );
}

const k_filters = [
  { status: "", word: "All" },
  { status: "ACTIVE", word: "Active" },
  { status: "COMPLETED", word: "Completed" },
  { status: "INTERRUPTED", word: "Interrupted" },
  { status: "ERROR", word: "Error" },
];

function StatusFilter({ query }: { query: ListQuery }) {
  return (
    <nav class="filters" aria-label="Status">
      {k_filters.map(({ status, word }) => (
        <a
          key={status}
          href={href(`/sessions${format_list({ ...query, status, page: 1 })}`)}
          aria-current={query.status === status ? "true" : undefined}
        >
          {word}
        </a>
      ))}
    </nav>
  );
}

function Pages({ query, total }: { query: ListQuery; total: number }) {
  const pages = Math.max(1, Math.ceil(total / query.limit));
  const link = (page: number, word: string, possible: boolean) =>
    possible ? (
      <a href={href(`/sessions${format_list({ ...query, page })}`)}>{word}</a>
    ) : (
      <span class="disabled">{word}</span>
    );
  const first = (query.page - 1) * query.limit + 1;
  return (
    <nav class="pages" aria-label="Pages of the list">
      <span class="quiet">
        {count(first)}–{count(Math.min(total, query.page * query.limit))} of {count(total)}
      </span>
      {link(1, "First", query.page > 1)}
      {link(query.page - 1, "Previous", query.page > 1)}
      {link(query.page + 1, "Next", query.page < pages)}
      {link(pages, "Last", query.page < pages)}
      <label>
        <span class="quiet">Rows</span>
        <select
          value={query.limit}
          onChange={(event) => navigate(`/sessions${format_list({ ...query, page: 1, limit: Number(event.currentTarget.value) })}`)}
        >
          {k_limits.map((limit) => (
            <option key={limit} value={limit}>
              {limit}
            </option>
          ))}
        </select>
      </label>
    </nav>
  );
}

function NoneYet() {
  const server = location.origin + base;
  return (
    <EmptyBox title="No sessions yet">
      <p>Connect the machine where your agents run, with a key of this server:</p>
      <pre tabIndex={0}>
        <code>agentpipe-bridge setup --url {server} --api-key-stdin --enable --test</code>
      </pre>
      <p>Then ship a conversation as it happens. It appears here with its first event:</p>
      <pre tabIndex={0}>
        <code>agentpipe run --json -c agents.yaml | agentpipe-bridge stream</code>
      </pre>
    </EmptyBox>
  );
}

function NoMatch() {
  return (
    <EmptyBox title="No session matches">
      <p>
        <a href={href("/sessions")}>Clear the filters</a> to see all sessions.
      </p>
    </EmptyBox>
  );
}

function NoSuchPage({ query }: { query: ListQuery }) {
  return (
    <EmptyBox title="The list ends before this page">
      <p>
        <a href={href(`/sessions${format_list({ ...query, page: 1 })}`)}>First page</a>
      </p>
    </EmptyBox>
  );
}

function Body({ store, list, query }: { store: ListStore; list: List; query: ListQuery }) {
  if (list.rows.length > 0) return <Table list={list} loading={store.loading.value} />;
  if (list.total > 0) return <NoSuchPage query={query} />;
  return is_filtered(query) ? <NoMatch /> : <NoneYet />;
}

// Kept between visits: going back shows the list at once, and then what is new.
let last_list: List | null = null;

function useListStore(search: string): ListStore {
  const store = useMemo(() => new ListStore(parse_list(search), direct_stream, last_list), [search]);
  useEffect(
    () => () => {
      last_list = store.list.value;
      store.close();
    },
    [store],
  );
  return store;
}

export default function SessionsPage() {
  const { search } = place.value;
  const query = parse_list(search);
  const store = useListStore(search);
  const list = store.list.value;
  const failure = store.failure.value;
  // The empty list of the query before says nothing about this one.
  const has_answer = list !== null && (list.rows.length > 0 || !store.loading.value);
  useEffect(() => void (list_address.value = `/sessions${search}`), [search]);
  useConnection({ state: store.stream_state.value, paused: false, last_event_at: null, retry: () => store.retry_stream() });
  usePageTitle("Sessions", list?.rows.some((row) => row.session.status === "ACTIVE") ?? false);
  return (
    <main class="page" id="main">
      <div class="page-head">
        <h1 tabIndex={-1}>Sessions</h1>
        {list && <span class="quiet total">{count(list.total)}</span>}
        <StatusFilter query={query} />
      </div>
      {failure && (
        <FailureBox failure={failure} stale_since={list ? store.loaded_at.value : null} retry={() => void store.load()} />
      )}
      {list && list.waiting > 0 && (
        <button type="button" class="waiting" onClick={() => (query.page === 1 ? void store.load() : navigate("/sessions"))}>
          {plural(list.waiting, "new session")} ▲
        </button>
      )}
      {has_answer && <Body store={store} list={list} query={query} />}
      {!has_answer && !failure && <Skeleton />}
      {list && list.total > 0 && <Pages query={query} total={list.total} />}
    </main>
  );
}
