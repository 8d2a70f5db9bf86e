// How numbers and spans of time are written. What is unknown is a dash, never a zero.

export const k_unknown = "—";

const k_integer = new Intl.NumberFormat("en-US");
const k_compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const k_relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

export function count(value: number | null): string {
  return value === null ? k_unknown : k_integer.format(value);
}

/** Whole below 10,000, then "12.3K". */
export function compact(value: number | null): string {
  if (value === null) return k_unknown;
  return Math.abs(value) < 10_000 ? k_integer.format(value) : k_compact.format(value);
}

/** US dollars: four decimals below one, else two. */
export function cost(value: number | null): string {
  if (value === null) return k_unknown;
  if (value > 0 && value < 0.0001) return "<$0.0001";
  return `$${value.toFixed(value < 1 ? 4 : 2)}`;
}

const k_second = 1_000;
const k_minute = 60 * k_second;
const k_hour = 60 * k_minute;
const k_day = 24 * k_hour;

/** "830 ms", "4.2 s", "1 min 05 s", "2 h 03 min", "3 d 4 h". */
export function duration(ms: number | null): string {
  if (ms === null || ms < 0) return k_unknown;
  if (ms < k_second) return `${Math.round(ms)} ms`;
  if (ms < k_minute) return `${(Math.floor(ms / 100) / 10).toFixed(ms < 10 * k_second ? 1 : 0)} s`;
  const pair = (large: number, large_unit: string, small: number, small_unit: string) =>
    `${Math.floor(ms / large)} ${large_unit} ${String(Math.floor((ms % large) / small)).padStart(2, "0")} ${small_unit}`;
  if (ms < k_hour) return pair(k_minute, "min", k_second, "s");
  if (ms < k_day) return pair(k_hour, "h", k_minute, "min");
  return `${Math.floor(ms / k_day)} d ${Math.floor((ms % k_day) / k_hour)} h`;
}

/** Whole seconds for a clock that ticks: "0:07", "12:40", "1:02:03". */
export function ticking(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / k_second));
  const pad = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** Null for what is no time. */
export const time_of = (iso: string | null): number | null => {
  const time = iso === null ? NaN : Date.parse(iso);
  return Number.isNaN(time) ? null : time;
};

const k_steps: readonly [number, Intl.RelativeTimeFormatUnit, number][] = [
  [k_hour, "minute", k_minute],
  [k_day, "hour", k_hour],
  [30 * k_day, "day", k_day],
  [365 * k_day, "month", 30 * k_day],
  [Infinity, "year", 365 * k_day],
];

/** "now", "5 min. ago", "yesterday". */
export function relative(iso: string | null, now: number): string {
  const time = time_of(iso);
  if (time === null) return k_unknown;
  const age = now - time;
  if (Math.abs(age) < k_minute) return "now";
  const [, unit, size] = k_steps.find(([below]) => Math.abs(age) < below)!;
  return k_relative.format(-Math.trunc(age / size), unit);
}

/** "96 kB", "2.1 MB"; a line never ends between the two. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit > 0 && size < 10 ? size.toFixed(1) : Math.round(size)}\u00a0${units[unit]}`;
}

/** "1 message", "2,000 messages". */
export function plural(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? "" : "s"}`;
}
