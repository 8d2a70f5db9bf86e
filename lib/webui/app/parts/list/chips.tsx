import { filter_words } from "../../core/filters";
import { active_filters, without, type ListQuery } from "../../core/url";
import { list_href } from "../../state/list_place";
import { times } from "../../state/times";
import { Icon } from "../icon";

/** What narrows the list, each with a way to take it back. */
export function Chips({ query }: { query: ListQuery }) {
  const active = active_filters(query);
  if (active.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters in force">
      {active.map((name) => {
        const words = filter_words(name, query[name], times.value.exact);
        return (
          <li key={name}>
            <a class="filter-chip" href={list_href(without(query, [name]))} aria-label={`Remove filter ${words}`}>
              <bdi>{words}</bdi>
              <Icon name="close" />
            </a>
          </li>
        );
      })}
    </ul>
  );
}
