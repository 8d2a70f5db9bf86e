import { useEffect, useMemo } from "preact/hooks";
import { list_export_address } from "../api/client";
import { shared_stream } from "../api/shared_stream";
import type { Facets } from "../api/types";
import { facets_of } from "../core/filters";
import { count, plural } from "../core/format";
import type { List } from "../core/list";
import { active_filters, filter_query, ignored_in, is_filtered, parse_list, type ListQuery } from "../core/url";
import { BulkBar } from "../parts/list/bulk_bar";
import { Cards } from "../parts/list/cards";
import { Chips } from "../parts/list/chips";
import { NoMatch, NoneYet, NoSuchPage } from "../parts/list/empty";
import { FilterBar } from "../parts/list/filter_bar";
import { LiveStrip } from "../parts/list/live_strip";
import { Pager } from "../parts/list/pager";
import { Table } from "../parts/list/table";
import { Icon } from "../parts/icon";
import { Menu } from "../parts/menu";
import { FailureBox } from "../parts/notice";
import { usePageTitle } from "../parts/page_title";
import { Skeleton } from "../parts/skeleton";
import { useCommands } from "../state/commands";
import { useConnection } from "../state/connection";
import { list_href, show_list } from "../state/list_place";
import { is_search } from "../state/list_source";
import { ListStore } from "../state/list_store";
import { useResource } from "../state/resource";
import { read_rights } from "../state/rights";
import { list_address, place } from "../state/router";
import { k_none, select, selection } from "../state/selection";
import { settings } from "../state/settings";

// Kept between visits: going back shows the list at once, and then what is new.
let last_list: List | null = null;

function useListStore(search: string): ListStore {
  const store = useMemo(
    () => new ListStore(parse_list(search), shared_stream, { previous: last_list, only_running: false }),
    [search],
  );
  useEffect(
    () => () => {
      last_list = store.list.value;
      store.close();
    },
    [store],
  );
  return store;
}

/** The server's counts; without them what the rows show. */
function useFacets(list: List | null): Facets | null {
  const { data } = useResource<Facets>("/api/sessions/facets");
  return data ?? (list && facets_of(list.rows.map(({ session }) => session)));
}

const row_links = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-session] .row-link")];

function move_focus(step: number): void {
  const links = row_links();
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at === -1 && step < 0 ? links.length - 1 : Math.min(links.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function tick_focused(list: List | null, range: boolean): void {
  const id = document.activeElement?.closest<HTMLElement>("[data-session]")?.dataset.session;
  const order = (list?.rows ?? []).map((row) => row.session.id);
  if (id) selection.value = select(selection.value, id, order, range);
}

function useListCommands(list: List | null): void {
  useCommands("Sessions", [
    { title: "Search the sessions", keys: ["/"], run: () => document.getElementById("list-search")?.focus() },
    { title: "Next, previous session", keys: ["j"], run: () => move_focus(1), keys_only: true },
    { title: "Previous session", keys: ["k"], run: () => move_focus(-1), keys_only: true },
    { title: "Open the session", keys: ["Enter"], run: () => undefined, keys_only: true },
    { title: "Select the session", keys: ["x"], run: () => tick_focused(list, false), keys_only: true },
    { title: "Select up to here", keys: ["X"], run: () => tick_focused(list, true), keys_only: true },
  ]);
}

const k_orders = [
  { sort: "started", order: "desc", word: "Newest first" },
  { sort: "started", order: "asc", word: "Oldest first" },
  { sort: "updated", order: "desc", word: "Last active" },
  { sort: "cost", order: "desc", word: "Dearest" },
  { sort: "tokens", order: "desc", word: "Most tokens" },
  { sort: "messages", order: "desc", word: "Most messages" },
  { sort: "duration", order: "desc", word: "Longest" },
];
const k_rank = { sort: "rank", order: "desc", word: "Best match" };

function OrderMenu({ query }: { query: ListQuery }) {
  const rows = query.q === "" ? k_orders : [k_rank, ...k_orders];
  const chosen = rows.find(({ sort, order }) => sort === query.sort && order === query.order);
  const items = rows.map(({ sort, order, word }) => ({
    text: word,
    checked: sort === query.sort && order === query.order,
    href: list_href({ ...query, sort, order, page: 1 }),
  }));
  return (
    <Menu label="Order" items={items}>
      {chosen?.word ?? "Order"}
    </Menu>
  );
}

function ViewSwitch({ query, view }: { query: ListQuery; view: "list" | "grid" }) {
  const to = (next: "list" | "grid") => list_href({ ...query, view: next === settings.value.view ? "" : next });
  return (
    <div class="switch" role="group" aria-label="View">
      {(["list", "grid"] as const).map((name) => (
        <a
          key={name}
          class="button bare quiet"
          href={to(name)}
          aria-label={name === "list" ? "List" : "Grid"}
          title={name === "list" ? "List" : "Grid"}
          aria-current={name === view ? "true" : undefined}
        >
          <Icon name={name} />
        </a>
      ))}
    </div>
  );
}

function Head({ query, view, total }: { query: ListQuery; view: "list" | "grid"; total: number | null }) {
  const csv = filter_query(query, Date.now(), settings.value.zone);
  csv.set("format", "csv");
  return (
    <div class="page-head">
      <h1 tabIndex={-1}>Sessions</h1>
      {total !== null && <span class="quiet total">{count(total)}</span>}
      <div class="page-actions">
        <OrderMenu query={query} />
        <ViewSwitch query={query} view={view} />
        {/* A search looks into messages, which the filters of an export do not. */}
        {query.q === "" && (
          <a class="button" href={list_export_address(csv)} download title="Export the rows that match, as CSV">
            <Icon name="export" />
            <span>Export results</span>
          </a>
        )}
      </div>
    </div>
  );
}

function Ignored({ search }: { search: string }) {
  const names = ignored_in(search);
  if (names.length === 0) return null;
  return (
    <p class="quiet ignored" role="status">
      Not understood in the address and left out: {names.join(", ")}.
    </p>
  );
}

/** Said where the server cannot look into messages, so that no hit is not taken for no message. */
function NamesOnly({ store, query }: { store: ListStore; query: ListQuery }) {
  if (query.q === "" || store.found.value !== null || store.loading.value) return null;
  const why = is_search(query) ? "This server does not search messages" : "Sorted by figures";
  return <p class="quiet ignored">{why}: names and prompts were looked through.</p>;
}

interface BodyProps {
  store: ListStore;
  list: List;
  query: ListQuery;
  view: "list" | "grid";
}

function Body({ store, list, query, view }: BodyProps) {
  const loading = store.loading.value;
  const found = store.found.value;
  if (list.rows.length === 0) {
    if (list.total > 0) return <NoSuchPage query={query} />;
    return is_filtered(query) ? <NoMatch query={query} /> : <NoneYet />;
  }
  if (view === "grid") return <Cards list={list} found={found} loading={loading} />;
  return <Table list={list} found={found} query={query} loading={loading} />;
}

function NewSessions({ store, list, query }: { store: ListStore; list: List; query: ListQuery }) {
  if (list.waiting === 0) return null;
  const show = () => {
    scrollTo(0, 0);
    if (query.page === 1) void store.load();
    else show_list({ ...query, page: 1 });
  };
  return (
    <button type="button" class="waiting" onClick={show}>
      {plural(list.waiting, "new session")} ▲
    </button>
  );
}

export default function SessionsPage() {
  const { search } = place.value;
  const query = parse_list(search);
  const store = useListStore(search);
  const list = store.list.value;
  const failure = store.failure.value;
  const facets = useFacets(list);
  const view = query.view === "" ? settings.value.view : (query.view as "list" | "grid");
  // The empty list of the query before says nothing about this one.
  const has_answer = list !== null && (list.rows.length > 0 || !store.loading.value);
  useEffect(() => void (list_address.value = `/sessions${search}`), [search]);
  useEffect(() => void read_rights(), []);
  useEffect(() => () => void (selection.value = k_none), []);
  useListCommands(list);
  useConnection({ state: store.stream_state.value, paused: false, last_event_at: null, retry: () => store.retry_stream() });
  usePageTitle("Sessions", list?.rows.some((row) => row.session.status === "ACTIVE") ?? false);
  const is_empty_server = has_answer && list.total === 0 && !is_filtered(query);
  return (
    <main class="page" id="main" tabIndex={-1}>
      <Head query={query} view={view} total={list && store.is_counted.value ? list.total : null} />
      {!is_empty_server && <FilterBar query={query} facets={facets} />}
      {!is_empty_server && active_filters(query).length > 0 && has_answer && list.rows.length > 0 && <Chips query={query} />}
      <Ignored search={search} />
      <NamesOnly store={store} query={query} />
      {failure && (
        <FailureBox failure={failure} stale_since={list ? store.loaded_at.value : null} retry={() => void store.load()} />
      )}
      {!is_filtered(query) && query.page === 1 && <LiveStrip stream={shared_stream} />}
      {list && <NewSessions store={store} list={list} query={query} />}
      <BulkBar reload={() => void store.load()} />
      {has_answer && <Body store={store} list={list} query={query} view={view} />}
      {!has_answer && !failure && <Skeleton />}
      {list && list.rows.length > 0 && (
        <Pager
          query={query}
          shown={list.rows.length}
          total={store.is_counted.value ? list.total : null}
          has_next={store.has_next.value}
        />
      )}
    </main>
  );
}
