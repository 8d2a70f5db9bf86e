import { expect, test } from "vitest";
import { active_filters, api_query, day_of, filter_query, format_list, ignored_in, parse_list, parse_permalink, permalink, toggled, without, type Param } from "../app/core/url";

test("defaults are left out", () => {
  expect(format_list(parse_list(""))).toBe("");
  expect(format_list(parse_list("?page=1&limit=25&sort=started&order=desc"))).toBe("");
});

const k_values: Partial<Record<Param, string[]>> = {
  q: ["", "a b&c=%/ü,"],
  status: ["", "ERROR", "ACTIVE,COMPLETED"],
  agent: ["", "claude,gemini"],
  from: ["", "-24h", "2026-01-05"],
  max_tokens: ["", "5000"],
  sort: ["started", "cost"],
  view: ["", "grid"],
};

/** Every combination of the values. */
function combinations(names: Param[]): Record<string, string>[] {
  const [name, ...rest] = names;
  if (!name) return [{}];
  return combinations(rest).flatMap((tail) => k_values[name]!.map((value) => ({ ...tail, [name]: value })));
}

test("what is written is read back, in every combination", () => {
  for (const values of combinations(Object.keys(k_values) as Param[])) {
    const query = parse_list(`?${new URLSearchParams({ ...values, page: "7", limit: "100" })}`);
    expect(query).toMatchObject({ ...values, page: 7, limit: 100 });
    expect(parse_list(format_list(query))).toEqual(query);
    expect(ignored_in(format_list(query))).toEqual([]);
  }
});

test.each([
  "page=0", "page=-1", "page=x", "page=1e9", "limit=7", "limit=1000", "status=OPEN", "status=ACTIVE,OPEN", "sort=name", "order=up",
  "from=yesterday", "min_cost=-1", "max_tokens=1.5", "error=2", "view=map", "unknown=1",
])("%s is ignored, and said to be", (bad) => {
  expect(parse_list(`?${bad}`)).toEqual(parse_list(""));
  expect(ignored_in(`?${bad}`)).toEqual([bad.split("=")[0]]);
});

test("the server's names differ from the page's", () => {
  const query = parse_list("?q=x&agent=claude&from=-24h&error=1&sort=cost&page=2");
  expect(Object.fromEntries(api_query(query, Date.UTC(2026, 0, 2), "local"))).toEqual({
    search: "x", agentType: "claude", startDate: "2026-01-01T00:00:00.000Z", hasErrors: "1", sort: "cost", page: "2", limit: "25",
  });
});

test.each<[string, "local" | "utc", Record<string, string>]>([
  ["?from=2026-01-05&to=2026-01-05", "utc", { startDate: "2026-01-05T00:00:00.000Z", endDate: "2026-01-06T00:00:00.000Z" }],
  // The tests' zone (see vitest.config.ts) is fourteen hours before UTC.
  ["?from=2026-01-05&to=2026-01-05", "local", { startDate: "2026-01-04T10:00:00.000Z", endDate: "2026-01-05T10:00:00.000Z" }],
  ["?to=2026-12-31", "utc", { endDate: "2027-01-01T00:00:00.000Z" }],
  ["?from=2026-01-05T08:00:00Z&to=2026-01-05T09:00:00Z", "local", { startDate: "2026-01-05T08:00:00Z", endDate: "2026-01-05T09:00:00Z" }],
])("days are whole ones of the reader's zone: %s in %s", (search, zone, expected) => {
  expect(Object.fromEntries(filter_query(parse_list(search), 0, zone))).toEqual(expected);
});

test.each<["from" | "to", string, "local" | "utc", string]>([
  ["from", "", "utc", ""], ["from", "-7d", "utc", ""], ["to", "2026-01-05", "local", "2026-01-05"],
  ["from", "2026-01-05T00:00:00Z", "utc", "2026-01-05"], ["to", "2026-01-06T00:00:00Z", "utc", "2026-01-05"],
  ["from", "2026-01-04T10:00:00Z", "local", "2026-01-05"], ["to", "2026-01-05T10:00:00Z", "local", "2026-01-05"],
])("a field for days shows of %s=%s in %s %j", (edge, value, zone, day) => {
  expect(day_of(edge, value, zone)).toBe(day);
});

test("a filter is taken away with the page number", () => {
  const query = parse_list("?status=ERROR&agent=claude&page=3");
  expect(active_filters(query)).toEqual(["status", "agent"]);
  expect(format_list(without(query, ["status"]))).toBe("?agent=claude");
});

test("a value of several is put in and taken out", () => {
  expect([toggled("", "a"), toggled("a", "b"), toggled("a,b", "a"), toggled("a", "a")]).toEqual(["a", "a,b", "b", ""]);
});

test.each([
  ["#m-12", { first: 12, last: 12 }], ["#m-3-9", { first: 3, last: 9 }], ["#m-9-3", { first: 3, last: 9 }],
  ["#m-", null], ["#m-x", null], ["#m--1", null], ["#m-1-", null], ["", null],
])("permalink %s", (hash, span) => {
  expect(parse_permalink(hash)).toEqual(span);
});

test("a permalink leads to what it was made of", () => {
  expect([permalink(4), permalink(4, 9)]).toEqual(["#m-4", "#m-4-9"]);
});
