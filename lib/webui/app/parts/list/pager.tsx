import { count } from "../../core/format";
import { k_limits, type ListQuery } from "../../core/url";
import { list_href, show_list } from "../../state/list_place";

interface Props {
  query: ListQuery;
  shown: number;
  /** Null: more than the server counted. */
  total: number | null;
  has_next: boolean;
}

function PageLink({ query, page, word, possible }: { query: ListQuery; page: number; word: string; possible: boolean }) {
  if (!possible) return <span class="disabled">{word}</span>;
  return <a href={list_href({ ...query, page })}>{word}</a>;
}

export function Pager({ query, shown, total, has_next }: Props) {
  const last = total === null ? null : Math.max(1, Math.ceil(total / query.limit));
  const first_row = (query.page - 1) * query.limit + 1;
  const limits = k_limits.map((limit) => ({ limit, chosen: limit === query.limit }));
  return (
    <nav class="pages" aria-label="Pages of the list">
      <span class="quiet">
        {count(first_row)}–{count(first_row + shown - 1)}
        {total !== null && ` of ${count(total)}`}
      </span>
      <PageLink query={query} page={1} word="First" possible={query.page > 1} />
      <PageLink query={query} page={query.page - 1} word="Previous" possible={query.page > 1} />
      <PageLink query={query} page={query.page + 1} word="Next" possible={has_next} />
      {last !== null && <PageLink query={query} page={last} word="Last" possible={query.page < last} />}
      <label>
        <span class="quiet">Rows</span>
        <select value={query.limit} onChange={(event) => show_list({ ...query, page: 1, limit: Number(event.currentTarget.value) })}>
          {limits.map(({ limit, chosen }) => (
            <option key={limit} value={limit} selected={chosen}>
              {limit}
            </option>
          ))}
        </select>
      </label>
    </nav>
  );
}
