// How times are written for a reader: in the zone and by the clock of his choice.

import { k_unknown, time_of } from "./format";

export type Zone = "local" | "utc";
export type Hours = "24" | "12";

export interface TimeWords {
  /** "5 Jan 2026, 08:00:00" */
  exact(iso: string | null): string;
  /** "08:00:00" */
  clock(iso: string | null): string;
  /** "Monday 5 January 2026" */
  day(iso: string | null): string;
  /** For a place on a time axis, and for a single one of its places. */
  axis(seconds: number, step: number): string;
  point(seconds: number): string;
}

const k_day_s = 86_400;

export function time_words(zone: Zone, hours: Hours): TimeWords {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone === "utc" ? "UTC" : undefined, hourCycle: hours === "12" ? "h12" : "h23", ...options });
  const words = (options: Intl.DateTimeFormatOptions) => {
    const made = format(options);
    return (iso: string | null) => {
      const time = time_of(iso);
      return time === null ? k_unknown : made.format(time);
    };
  };
  const minute = format({ hour: "2-digit", minute: "2-digit" });
  const date = format({ day: "numeric", month: "short" });
  const full = format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return {
    exact: words({ dateStyle: "medium", timeStyle: "medium" }),
    clock: words({ timeStyle: "medium" }),
    day: words({ dateStyle: "full" }),
    axis: (seconds, step) => (step >= k_day_s ? date : minute).format(seconds * 1000),
    point: (seconds) => full.format(seconds * 1000),
  };
}
