// The address is the only truth about what the list shows. Defaults are left out of it.

import type { Zone } from "./times";

export const k_params = [
  "q", "status", "source", "mode", "agent", "model", "from", "to", "min_cost", "max_cost", "min_tokens", "max_tokens", "error",
  "sort", "order", "view",
] as const;
export type Param = (typeof k_params)[number];

export interface ListQuery extends Record<Param, string> {
  page: number;
  limit: number;
}

export const k_limits = [25, 50, 100] as const;
export const k_statuses = ["ACTIVE", "COMPLETED", "INTERRUPTED", "ERROR"] as const;
/** "rank" is an order of search results only. */
export const k_sorts = ["started", "updated", "cost", "tokens", "messages", "duration", "rank"] as const;

interface Row {
  name: Param;
  /** The server's name for it; null: the page's own business. */
  api: string | null;
  initial: string;
  /** Whether it narrows the list. */
  filters: boolean;
  fits(value: string): boolean;
}

const any = (value: string): boolean => value.length <= 500;
const one_of = (values: readonly string[]) => (value: string) => values.includes(value);
const list_of = (values: readonly string[]) => (value: string) => value.split(",").every((part) => values.includes(part));
const amount = (value: string): boolean => /^\d{1,15}(\.\d{1,9})?$/.test(value);
const whole = (value: string): boolean => /^\d{1,15}$/.test(value);
const k_span = /^-(\d{1,4})([mhd])$/;
const k_day = /^\d{4}-\d\d-\d\d$/;
/** "2026-01-05": a whole day of the reader's zone. */
export const is_day = (value: string): boolean => k_day.test(value);
const moment = (value: string): boolean => k_span.test(value) || !Number.isNaN(Date.parse(value));

const filter = (name: Param, api: string, fits: (value: string) => boolean): Row => ({ name, api, initial: "", filters: true, fits });
const k_rows: readonly Row[] = [
  filter("q", "search", any),
  filter("status", "status", list_of(k_statuses)),
  filter("source", "source", any),
  filter("mode", "mode", any),
  filter("agent", "agentType", any),
  filter("model", "model", any),
  filter("from", "startDate", moment),
  filter("to", "endDate", moment),
  filter("min_cost", "minCost", amount),
  filter("max_cost", "maxCost", amount),
  filter("min_tokens", "minTokens", whole),
  filter("max_tokens", "maxTokens", whole),
  filter("error", "hasErrors", one_of(["1"])),
  { name: "sort", api: "sort", initial: "started", filters: false, fits: one_of(k_sorts) },
  { name: "order", api: "order", initial: "desc", filters: false, fits: one_of(["asc", "desc"]) },
  { name: "view", api: null, initial: "", filters: false, fits: one_of(["list", "grid"]) },
];

const k_first_limit = k_limits[0];
const fitting_page = (text: string): boolean => /^[1-9]\d{0,6}$/.test(text);
const fitting_limit = (text: string): boolean => k_limits.some((limit) => String(limit) === text);

/** Values that do not fit count as not given. */
export function parse_list(search: string): ListQuery {
  const params = new URLSearchParams(search);
  const value = ({ name, initial, fits }: Row) => {
    const given = params.get(name);
    return given && fits(given) ? given : initial;
  };
  const [page, limit] = [params.get("page") ?? "", params.get("limit") ?? ""];
  return {
    ...(Object.fromEntries(k_rows.map((row) => [row.name, value(row)])) as Record<Param, string>),
    page: fitting_page(page) ? Number(page) : 1,
    limit: fitting_limit(limit) ? Number(limit) : k_first_limit,
  };
}

/** Names of the parameters that parse_list() could not take. */
export function ignored_in(search: string): string[] {
  const fits = (name: string, value: string): boolean => {
    if (name === "page") return fitting_page(value);
    if (name === "limit") return fitting_limit(value);
    return k_rows.find((row) => row.name === name)?.fits(value) ?? false;
  };
  return [...new URLSearchParams(search)].filter(([name, value]) => value !== "" && !fits(name, value)).map(([name]) => name);
}

/** "" or "?page=2&…", in a fixed order. */
export function format_list(query: ListQuery): string {
  const params = new URLSearchParams();
  for (const row of k_rows) if (query[row.name] !== row.initial) params.set(row.name, query[row.name]);
  if (query.page !== 1) params.set("page", String(query.page));
  if (query.limit !== k_first_limit) params.set("limit", String(query.limit));
  const text = params.toString();
  return text ? `?${text}` : "";
}

const k_span_ms: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** When a day begins, or the one so many days later. */
function day_start(day: string, later: number, zone: Zone): number {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const parts = [year, month - 1, date + later] as const;
  return zone === "utc" ? Date.UTC(...parts) : new Date(...parts).getTime();
}

type Edge = "from" | "to";
const is_edge = (name: Param): name is Edge => name === "from" || name === "to";

/** The time that "-24h" or a day of the reader's zone means now; a time stays as it is. The last day is a whole one. */
function moment_at(edge: Edge, value: string, now_ms: number, zone: Zone): string {
  const span = k_span.exec(value);
  if (span) return new Date(now_ms - Number(span[1]) * k_span_ms[span[2]!]!).toISOString();
  return is_day(value) ? new Date(day_start(value, edge === "to" ? 1 : 0, zone)).toISOString() : value;
}

/** What a field for days shows of it; nothing of a span. */
export function day_of(edge: Edge, value: string, zone: Zone): string {
  if (value === "" || is_day(value)) return value;
  if (k_span.test(value)) return "";
  // An end itself lies outside.
  const time = new Date(Date.parse(value) - (edge === "to" ? 1 : 0));
  const ahead_min = zone === "utc" ? 0 : -time.getTimezoneOffset();
  return new Date(time.getTime() + ahead_min * k_span_ms.m!).toISOString().slice(0, 10);
}

/** The filters in the server's words. */
export function filter_query(query: ListQuery, now_ms: number, zone: Zone): URLSearchParams {
  const params = new URLSearchParams();
  for (const { name, api, initial, filters } of k_rows) {
    const value = query[name];
    if (!filters || api === null || value === initial) continue;
    params.set(api, is_edge(name) ? moment_at(name, value, now_ms, zone) : value);
  }
  return params;
}

/** The whole question in the server's words. */
export function api_query(query: ListQuery, now_ms: number, zone: Zone): URLSearchParams {
  const params = filter_query(query, now_ms, zone);
  if (query.sort !== "started" && query.sort !== "rank") params.set("sort", query.sort);
  if (query.order !== "desc") params.set("order", query.order);
  params.set("page", String(query.page));
  params.set("limit", String(query.limit));
  return params;
}

/** The filters that are set, in the order of the bar. */
export function active_filters(query: ListQuery): Param[] {
  return k_rows.filter((row) => row.filters && query[row.name] !== row.initial).map((row) => row.name);
}

export function without(query: ListQuery, names: readonly Param[]): ListQuery {
  return { ...query, page: 1, ...Object.fromEntries(names.map((name) => [name, ""])) };
}

export function is_filtered(query: ListQuery): boolean {
  return active_filters(query).length > 0;
}

/** Whether the page shows the newest sessions first, so that a new one belongs at its top. */
export function is_newest_first(query: ListQuery): boolean {
  return query.sort === "started" && query.order === "desc" && query.page === 1;
}

/** Values of a filter that takes several. */
export const values_of = (value: string): string[] => value.split(",").filter(Boolean);

export function toggled(value: string, part: string): string {
  const parts = values_of(value);
  return (parts.includes(part) ? parts.filter((other) => other !== part) : [...parts, part]).join(",");
}

export interface Span {
  first: number;
  last: number;
}

/** Message numbers of a permalink: "#m-12" or "#m-12-20". */
export function parse_permalink(hash: string): Span | null {
  const match = /^#m-(\d{1,15})(?:-(\d{1,15}))?$/.exec(hash);
  if (!match) return null;
  const [a, b] = [Number(match[1]), Number(match[2] ?? match[1])];
  return { first: Math.min(a, b), last: Math.max(a, b) };
}

export const permalink = (first: number, last = first): string => `#m-${first}${last === first ? "" : `-${last}`}`;
