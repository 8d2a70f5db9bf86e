import { useEffect, useRef, useState } from "preact/hooks";
import type { Facets } from "../../api/types";
import { k_facets, k_spans, value_word, type Facet } from "../../core/filters";
import { compact } from "../../core/format";
import { active_filters, day_of, k_statuses, toggled, values_of, without, type ListQuery, type Param } from "../../core/url";
import { list_href, show_list } from "../../state/list_place";
import { settings } from "../../state/settings";
import { Icon } from "../icon";
import { Popover } from "../popover";

const k_debounce_ms = 300;

function SearchBox({ query }: { query: ListQuery }) {
  const [text, set_text] = useState(query.q);
  const typed = useRef(query.q);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => {
    // The address changed by itself: Back, or a chip that was removed.
    if (query.q !== typed.current) set_text((typed.current = query.q));
  }, [query.q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (value: string) => {
    clearTimeout(timer.current);
    typed.current = value;
    show_list({ ...query, q: value, page: 1, sort: value === "" && query.sort === "rank" ? "started" : query.sort }, "replace");
  };
  const on_input = (value: string) => {
    set_text(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(value.trim()), k_debounce_ms);
  };
  return (
    <form
      class="search-box"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search(text.trim());
      }}
    >
      <Icon name="search" />
      <input
        id="list-search"
        type="search"
        aria-label="Search in names, prompts and messages"
        placeholder="Search names, prompts, messages"
        autocomplete="off"
        maxLength={500}
        value={text}
        onInput={(event) => on_input(event.currentTarget.value)}
      />
      {text === "" && <kbd aria-hidden="true">/</kbd>}
    </form>
  );
}

function FacetMenu({ facet, facets, query }: { facet: Facet; facets: Facets | null; query: ListQuery }) {
  const { param, label } = facet;
  const chosen = values_of(query[param]);
  const counted = facets?.[facet.facet] ?? [];
  const known = param === "status" ? k_statuses.map((value) => counted.find((row) => row.value === value) ?? { value, count: null }) : counted;
  // What is chosen can be taken away again even where no session has it.
  const rows = [...known, ...chosen.filter((value) => !known.some((row) => row.value === value)).map((value) => ({ value, count: null }))];
  if (rows.length === 0) return null;
  const words = chosen.map((value) => value_word(param, value)).join(", ");
  return (
    <Popover label={label} chosen={chosen.length > 0} text={words ? `${label}: ${words}` : label}>
      {() => (
        <ul class="choices">
          {rows.map(({ value, count }) => (
            <li key={value}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={chosen.includes(value)}
                  onChange={() => show_list({ ...query, page: 1, [param]: toggled(query[param], value) })}
                />
                <bdi>{value_word(param, value)}</bdi>
                {count !== null && <span class="quiet number">{compact(count)}</span>}
              </label>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

type Fields = Partial<Record<Param, string>>;

function form_values(form: HTMLFormElement, names: readonly Param[]): Fields {
  const data = new FormData(form);
  return Object.fromEntries(names.map((name) => [name, String(data.get(name) ?? "").trim()]));
}

interface RangeProps {
  query: ListQuery;
  close(): void;
  fields: readonly { name: Param; label: string; type: string; step?: string; value?: string }[];
}

/** Inputs that count when they are complete, not while they are typed. */
function RangeForm({ query, close, fields }: RangeProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const values = form_values(event.currentTarget as HTMLFormElement, fields.map(({ name }) => name));
    close();
    show_list({ ...query, ...values, page: 1 });
  };
  return (
    <form class="range-form" onSubmit={submit}>
      {fields.map(({ name, label, type, step, value = query[name] }) => (
        <label key={name}>
          <span class="quiet">{label}</span>
          <input name={name} type={type} min="0" step={step} defaultValue={value} />
        </label>
      ))}
      <button type="submit" class="button">
        Apply
      </button>
    </form>
  );
}

function DateMenu({ query }: { query: ListQuery }) {
  const { zone } = settings.value;
  const span = k_spans.find(({ value }) => value === query.from);
  const chosen = query.from !== "" || query.to !== "";
  return (
    <Popover label="Date" chosen={chosen} text={span ? span.word : chosen ? "Date: custom" : "Date"}>
      {(close) => (
        <>
          <ul class="choices">
            {[{ value: "", word: "Any time" }, ...k_spans].map(({ value, word }) => (
              <li key={value}>
                <a
                  href={list_href({ ...query, page: 1, from: value, to: "" })}
                  aria-current={query.from === value && query.to === "" ? "true" : undefined}
                  onClick={close}
                >
                  {word}
                </a>
              </li>
            ))}
          </ul>
          <RangeForm
            query={query}
            close={close}
            fields={[
              { name: "from", label: "From", type: "date", value: day_of("from", query.from, zone) },
              { name: "to", label: "Until", type: "date", value: day_of("to", query.to, zone) },
            ]}
          />
        </>
      )}
    </Popover>
  );
}

const k_more: readonly Param[] = ["min_cost", "max_cost", "min_tokens", "max_tokens", "error"];

function MoreMenu({ query }: { query: ListQuery }) {
  const set = k_more.filter((name) => query[name] !== "").length;
  return (
    <Popover label="More filters" chosen={set > 0} text={set > 0 ? `More: ${set}` : "More"}>
      {(close) => (
        <>
          <label class="check">
            <input
              type="checkbox"
              checked={query.error === "1"}
              onChange={(event) => show_list({ ...query, page: 1, error: event.currentTarget.checked ? "1" : "" })}
            />
            <span>With errors</span>
          </label>
          <RangeForm
            query={query}
            close={close}
            fields={[
              { name: "min_cost", label: "Cost from, $", type: "number", step: "any" },
              { name: "max_cost", label: "Cost up to, $", type: "number", step: "any" },
              { name: "min_tokens", label: "Tokens from", type: "number", step: "1" },
              { name: "max_tokens", label: "Tokens up to", type: "number", step: "1" },
            ]}
          />
        </>
      )}
    </Popover>
  );
}

export function FilterBar({ query, facets }: { query: ListQuery; facets: Facets | null }) {
  return (
    <div class="filter-bar">
      <SearchBox query={query} />
      {k_facets.map((facet) => (
        <FacetMenu key={facet.param} facet={facet} facets={facets} query={query} />
      ))}
      <DateMenu query={query} />
      <MoreMenu query={query} />
      {active_filters(query).length > 0 && (
        <a class="clear-filters" href={list_href(without(query, active_filters(query)))}>
          Clear all
        </a>
      )}
    </div>
  );
}
