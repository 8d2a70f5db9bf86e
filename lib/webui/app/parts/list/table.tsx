import type { Session } from "../../api/types";
import type { List } from "../../core/list";
import { compact, cost, count, plural } from "../../core/format";
import { session_path } from "../../core/routes";
import { reveal } from "../../core/unicode";
import type { ListQuery } from "../../core/url";
import { list_href } from "../../state/list_place";
import type { Found } from "../../state/list_source";
import { href } from "../../state/router";
import { k_none, select, selection } from "../../state/selection";
import { settings } from "../../state/settings";
import { Duration, prompt_excerpt, session_name } from "../session_facts";
import { StatusMark } from "../status";
import { RelativeTime } from "../time";
import { Agents } from "./agents";
import { Snippets } from "./snippets";

interface Column {
  label: string;
  class: string;
  /** The order that a click on the head gives. */
  sort?: string;
}

const k_columns: readonly Column[] = [
  { label: "Status", class: "c-status" },
  { label: "Session", class: "c-name" },
  { label: "Agents", class: "c-agents" },
  { label: "Source", class: "c-source" },
  { label: "Messages", class: "number c-messages", sort: "messages" },
  { label: "Tokens", class: "number c-tokens", sort: "tokens" },
  { label: "Cost", class: "number c-cost", sort: "cost" },
  { label: "Duration", class: "number c-duration", sort: "duration" },
  { label: "Started", class: "c-started", sort: "started" },
];

function Head({ column, query }: { column: Column; query: ListQuery }) {
  if (!column.sort) {
    return (
      <th scope="col" class={column.class}>
        {column.label}
      </th>
    );
  }
  const is_sorted = query.sort === column.sort;
  const order = is_sorted && query.order === "desc" ? "asc" : "desc";
  return (
    <th scope="col" class={column.class} aria-sort={is_sorted ? (query.order === "desc" ? "descending" : "ascending") : undefined}>
      <a href={list_href({ ...query, sort: column.sort, order, page: 1 })}>
        {column.label}
        {is_sorted && <span aria-hidden="true">{query.order === "desc" ? " ↓" : " ↑"}</span>}
      </a>
    </th>
  );
}

interface RowProps {
  session: Session;
  order: readonly string[];
  found: Found | undefined;
}

function Tick({ session, order }: { session: Session; order: readonly string[] }) {
  const click = (event: MouseEvent) => (selection.value = select(selection.value, session.id, order, event.shiftKey));
  return (
    <td class="c-tick">
      <label>
        <input type="checkbox" aria-label={`Select ${session_name(session)}`} checked={selection.value.ids.has(session.id)} onClick={click} />
      </label>
    </td>
  );
}

function Name({ session }: { session: Session }) {
  const excerpt = prompt_excerpt(session);
  return (
    <td class="c-name">
      <a class="row-link" href={href(session_path(session.id))} dir="auto">
        {session_name(session)}
      </a>
      {session.status === "ACTIVE" && (
        <a class="watch" href={href(session_path(session.id))} tabIndex={-1}>
          Watch live
        </a>
      )}
      {session.errorCount > 0 && <span class="bad small row-errors">{plural(session.errorCount, "error")}</span>}
      {excerpt && (
        <span class="quiet excerpt" dir="auto">
          {excerpt}
        </span>
      )}
    </td>
  );
}

function SessionRow({ session, order, found }: RowProps) {
  return (
    <tbody>
      <tr data-session={session.id} class={selection.value.ids.has(session.id) ? "ticked" : undefined}>
        <Tick session={session} order={order} />
        <td class="c-status">
          <StatusMark of={session} />
        </td>
        <Name session={session} />
        <td class="c-agents">
          <Agents session={session} />
        </td>
        <td class="c-source quiet">{reveal([session.source, session.mode].filter(Boolean).join(" · "))}</td>
        <td class="number c-messages" data-label="messages">
          {count(session.totalMessages)}
        </td>
        <td class="number c-tokens" data-label="tokens" title={count(session.totalTokens)}>
          {compact(session.totalTokens)}
        </td>
        <td class="number c-cost">{cost(session.totalCost)}</td>
        <td class="number c-duration">
          <Duration session={session} />
        </td>
        <td class="c-started">
          <RelativeTime iso={session.startedAt} />
        </td>
      </tr>
      {found && found.matches.length > 0 && (
        <tr class="snippet-row">
          <td colSpan={k_columns.length}>
            <Snippets id={session.id} found={found} />
          </td>
          {/* Hidden together with its column, so that the row is never wider than the head. */}
          <td class="c-source" />
        </tr>
      )}
    </tbody>
  );
}

interface Props {
  list: List;
  found: ReadonlyMap<string, Found> | null;
  query: ListQuery;
  loading: boolean;
}

export function Table({ list, found, query, loading }: Props) {
  const order = list.rows.map((row) => row.session.id);
  const all = order.length > 0 && order.every((id) => selection.value.ids.has(id));
  const tick_all = () => (selection.value = all ? k_none : { ids: new Set(order), anchor: null });
  return (
    <table class={`sessions ${settings.value.times}${loading ? " stale" : ""}`} aria-busy={loading}>
      <thead>
        <tr>
          <th scope="col" class="c-tick">
            <label>
              <input type="checkbox" aria-label="Select all on this page" checked={all} onClick={tick_all} />
            </label>
          </th>
          {k_columns.map((column) => (
            <Head key={column.label} column={column} query={query} />
          ))}
        </tr>
      </thead>
      {list.rows.map(({ session }) => (
        <SessionRow key={session.id} session={session} order={order} found={found?.get(session.id)} />
      ))}
    </table>
  );
}
