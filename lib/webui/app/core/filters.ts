// The filters of the list in words.

import type { FacetName, Facets, Session } from "../api/types";
import type { TimeWords } from "./times";
import { reveal } from "./unicode";
import { is_day, values_of, type Param } from "./url";

/** A filter whose values the server counts. */
export interface Facet {
  param: Param;
  facet: FacetName;
  label: string;
  any: string;
}

export const k_facets: readonly Facet[] = [
  { param: "status", facet: "statuses", label: "Status", any: "Any status" },
  { param: "agent", facet: "agentTypes", label: "Agent", any: "Any agent" },
  { param: "model", facet: "models", label: "Model", any: "Any model" },
  { param: "source", facet: "sources", label: "Source", any: "Any source" },
  { param: "mode", facet: "modes", label: "Mode", any: "Any mode" },
];

const k_status_words: Record<string, string> = { ACTIVE: "Active", COMPLETED: "Completed", INTERRUPTED: "Interrupted", ERROR: "Error" };

export function value_word(param: Param, value: string): string {
  return param === "status" ? (k_status_words[value] ?? value) : reveal(value);
}

export const k_spans: readonly { value: string; word: string }[] = [
  { value: "-24h", word: "Last 24 hours" },
  { value: "-7d", word: "Last 7 days" },
  { value: "-30d", word: "Last 30 days" },
];

type Exact = TimeWords["exact"];

function moment_word(value: string, exact: Exact): string {
  const span = k_spans.find((known) => known.value === value);
  if (span) return span.word.toLowerCase();
  return is_day(value) || value.startsWith("-") ? value : exact(value);
}

const k_words: Partial<Record<Param, (value: string, exact: Exact) => string>> = {
  q: (value) => `Search: ${reveal(value)}`,
  from: (value, exact) => `Started${value.startsWith("-") ? ":" : " from"} ${moment_word(value, exact)}`,
  to: (value, exact) => `Started until ${moment_word(value, exact)}`,
  min_cost: (value) => `Cost from $${value}`,
  max_cost: (value) => `Cost up to $${value}`,
  min_tokens: (value) => `Tokens from ${value}`,
  max_tokens: (value) => `Tokens up to ${value}`,
  error: () => "With errors",
};

/** "Status: Active, Error". */
export function filter_words(param: Param, value: string, exact: Exact): string {
  const plain = k_words[param];
  if (plain) return plain(value, exact);
  const label = k_facets.find((facet) => facet.param === param)?.label ?? param;
  return `${label}: ${values_of(value).map((part) => value_word(param, part)).join(", ")}`;
}

type Value = string | null | undefined;

const k_of_session: Record<FacetName, (session: Session) => Value[]> = {
  statuses: ({ status }) => [status],
  agentTypes: ({ participants }) => participants.map(({ agentType }) => agentType),
  models: ({ participants }) => participants.map(({ model }) => model),
  sources: ({ source }) => [source],
  modes: ({ mode }) => [mode],
  machines: ({ machine }) => [machine],
};

/** What can be told from the rows alone, where the server does not count. */
export function facets_of(sessions: readonly Session[]): Facets {
  const count = (values: (session: Session) => Value[]) => {
    const counts = new Map<string, number>();
    for (const session of sessions)
      for (const value of new Set(values(session))) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].map(([value, n]) => ({ value, count: n })).sort((a, b) => b.count - a.count);
  };
  const names = Object.keys(k_of_session) as FacetName[];
  return Object.fromEntries(names.map((name) => [name, count(k_of_session[name])])) as Facets;
}
