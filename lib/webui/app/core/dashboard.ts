// Which stretch of time the dashboard shows, and the figures it makes of the server's.

import type { Figures, Group, Grouping, Point, Stretch, TimeSeries } from "../api/metrics";
import { colour_class } from "./agents";
import type { Series } from "./plot";

export interface Range {
  name: string;
  words: string;
  ms: number;
  buckets: number;
}

const k_hour = 3_600_000;
const k_day = 24 * k_hour;

export const k_ranges: readonly Range[] = [
  { name: "1h", words: "1 hour", ms: k_hour, buckets: 60 },
  { name: "6h", words: "6 hours", ms: 6 * k_hour, buckets: 72 },
  { name: "24h", words: "24 hours", ms: k_day, buckets: 96 },
  { name: "7d", words: "7 days", ms: 7 * k_day, buckets: 84 },
  { name: "30d", words: "30 days", ms: 30 * k_day, buckets: 90 },
];
const k_first_range = "24h";
const k_custom_buckets = 80;
const k_groupings: readonly Grouping[] = ["agent", "model", "source"];

export interface DashboardQuery {
  /** Null: from a moment to another. */
  range: Range | null;
  from: string | null;
  to: string | null;
  by: Grouping;
}

const moment = (text: string | null): string | null => (text !== null && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null);

/** Values that are not allowed count as not given. */
export function parse_dashboard(search: string): DashboardQuery {
  const params = new URLSearchParams(search);
  const from = moment(params.get("from"));
  const to = moment(params.get("to"));
  const by = k_groupings.find((name) => name === params.get("by")) ?? "agent";
  if (from && to && from < to) return { range: null, from, to, by };
  const named = k_ranges.find(({ name }) => name === params.get("range"));
  return { range: named ?? k_ranges.find(({ name }) => name === k_first_range)!, from: null, to: null, by };
}

export function format_dashboard({ range, from, to, by }: DashboardQuery): string {
  const params = new URLSearchParams();
  if (range && range.name !== k_first_range) params.set("range", range.name);
  if (!range && from && to) {
    params.set("from", from);
    params.set("to", to);
  }
  if (by !== "agent") params.set("by", by);
  const text = params.toString();
  return text ? `?${text}` : "";
}

export function stretch_of(query: DashboardQuery, now_ms: number): Stretch {
  if (!query.range) return { from: query.from!, to: query.to! };
  return { from: new Date(now_ms - query.range.ms).toISOString(), to: new Date(now_ms).toISOString() };
}

export const buckets_of = (query: DashboardQuery): number => query.range?.buckets ?? k_custom_buckets;

/** The list of the sessions behind a figure. A stretch up to now stays one when the link is opened tomorrow. */
export function sessions_link(query: DashboardQuery, filters: Record<string, string> = {}): string {
  const stretch: Record<string, string> = query.range ? { from: `-${query.range.name}` } : { from: query.from!, to: query.to! };
  return `/sessions?${new URLSearchParams({ ...stretch, ...filters })}`;
}

/** The sessions that began within one place of the x axis. */
export function bucket_link(series: TimeSeries, index: number): string {
  const start = Date.parse(series.groups[0]!.points[index]!.t);
  const end = start + series.bucketSeconds * 1000;
  return `/sessions?${new URLSearchParams({ from: new Date(start).toISOString(), to: new Date(end).toISOString() })}`;
}

export type Figure = keyof Figures;

export const spend = ({ cost, estimatedCost }: Pick<Figures, "cost" | "estimatedCost">): number | null =>
  cost === null && estimatedCost === null ? null : (cost ?? 0) + (estimatedCost ?? 0);

/** Errors for each hundred messages. */
export const error_rate = ({ errors, messages }: Pick<Figures, "errors" | "messages">): number | null =>
  messages === 0 ? (errors === 0 ? null : 100) : (100 * errors) / messages;

/** By how many hundredths it grew; null where there is nothing to compare with. */
export function change(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : (100 * (now - before)) / before;
}

export const times_of = (points: readonly Point[]): number[] => points.map(({ t }) => Date.parse(t) / 1000);

export function figure_series(points: readonly Point[], label: string, tone: string, value: (point: Point) => number | null): Series {
  return { label, tone, values: points.map(value) };
}

const k_shown_groups = 6;
const k_tones = 7;

/** One series for each of the greatest groups, the rest together. */
export function group_series(groups: readonly Group[], by: Grouping, value: (point: Point) => number | null): Series[] {
  const sum = ({ points }: Group) => points.reduce((total, point) => total + (value(point) ?? 0), 0);
  const ordered = [...groups].sort((a, b) => sum(b) - sum(a));
  const shown = ordered.length > k_shown_groups + 1 ? ordered.slice(0, k_shown_groups) : ordered;
  const rest = ordered.slice(shown.length);
  const tone = (key: string | null, i: number) => (by === "agent" ? colour_class(key) : `tone-${i % k_tones}`);
  const series = shown.map(({ key, points }, i) => ({ label: key ?? "unknown", tone: tone(key, i), values: points.map(value) }));
  if (rest.length === 0) return series;
  const others = rest[0]!.points.map((_, i) => rest.reduce<number | null>((total, { points }) => {
    const part = value(points[i]!);
    return part === null ? total : (total ?? 0) + part;
  }, null));
  return [...series, { label: `${rest.length} others`, tone: "tone-rest", values: others }];
}

/** Messages by weekday (Monday first) and hour, in the reader's zone or in UTC. */
export function hour_table(points: readonly Point[], utc: boolean): number[][] {
  const table = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const { t, messages } of points) {
    const date = new Date(t);
    const day = ((utc ? date.getUTCDay() : date.getDay()) + 6) % 7;
    table[day]![utc ? date.getUTCHours() : date.getHours()]! += messages;
  }
  return table;
}
