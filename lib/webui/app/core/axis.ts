// Words for a time axis and for single places of it.

const k_day_s = 86_400;

export interface TimeWords {
  axis(seconds: number, step: number): string;
  point(seconds: number): string;
}

export function time_words(zone: "local" | "utc", hours: "24" | "12"): TimeWords {
  const common = { timeZone: zone === "utc" ? "UTC" : undefined, hour12: hours === "12" } as const;
  const clock = new Intl.DateTimeFormat("en-GB", { ...common, hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat("en-GB", { ...common, day: "numeric", month: "short" });
  const full = new Intl.DateTimeFormat("en-GB", { ...common, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return {
    axis: (seconds, step) => (step >= k_day_s ? day : clock).format(seconds * 1000),
    point: (seconds) => full.format(seconds * 1000),
  };
}
