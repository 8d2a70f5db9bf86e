import { expect, test } from "vitest";
import { time_words, type Hours, type Zone } from "../app/core/times";

// The zone of the tests (see vitest.config.ts) is fourteen hours before UTC.
const k_night = "2026-01-05T22:30:09.000Z";
// What Unicode's data has changed its mind about.
const plain = (text: string): string => text.replace("\u202f", " ").replace("day,", "day");
const k_day_s = 86_400;

test.each<[Zone, Hours, string[]]>([
  ["utc", "24", ["5 Jan 2026, 22:30:09", "22:30:09", "Monday 5 January 2026", "22:30", "Mon 5 Jan, 22:30"]],
  ["utc", "12", ["5 Jan 2026, 10:30:09 pm", "10:30:09 pm", "Monday 5 January 2026", "10:30 pm", "Mon 5 Jan, 10:30 pm"]],
  ["local", "24", ["6 Jan 2026, 12:30:09", "12:30:09", "Tuesday 6 January 2026", "12:30", "Tue 6 Jan, 12:30"]],
  ["local", "12", ["6 Jan 2026, 12:30:09 pm", "12:30:09 pm", "Tuesday 6 January 2026", "12:30 pm", "Tue 6 Jan, 12:30 pm"]],
])("a time in the zone %s by the clock of %s hours", (zone, hours, expected) => {
  const { exact, clock, day, axis, point } = time_words(zone, hours);
  const seconds = Date.parse(k_night) / 1000;
  expect([exact(k_night), clock(k_night), day(k_night), axis(seconds, 60), point(seconds)].map(plain)).toEqual(expected);
  expect(axis(seconds, k_day_s)).toBe(zone === "utc" ? "5 Jan" : "6 Jan");
});

test("midnight and noon", () => {
  expect(["00", "12"].map((hour) => time_words("utc", "12").clock(`2026-01-05T${hour}:00:00Z`)).map(plain)).toEqual(["12:00:00 am", "12:00:00 pm"]);
  expect(time_words("utc", "24").clock("2026-01-05T00:00:00Z")).toBe("00:00:00");
});

test("a time that is none is unknown", () => {
  const { exact, clock, day } = time_words("local", "24");
  expect([exact(null), clock("x"), day("")]).toEqual(["—", "—", "—"]);
});
