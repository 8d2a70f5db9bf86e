import { expect, test } from "vitest";
import { api_query, format_list, parse_list, parse_permalink } from "../app/core/url";

test("defaults are left out", () => {
  expect(format_list(parse_list(""))).toBe("");
  expect(format_list(parse_list("?page=1&limit=25&sort=started&order=desc"))).toBe("");
});

test("what is written is read back", () => {
  const values = { q: ["", "a b&c=%/ü"], status: ["", "ERROR"], sort: ["started", "cost"], page: ["1", "7"], limit: ["25", "100"] };
  for (const q of values.q) for (const status of values.status) for (const sort of values.sort) for (const page of values.page) for (const limit of values.limit) {
    const query = parse_list(`?${new URLSearchParams({ q, status, sort, page, limit })}`);
    expect(query).toMatchObject({ q, status, sort, page: Number(page), limit: Number(limit) });
    expect(parse_list(format_list(query))).toEqual(query);
  }
});

test.each(["page=0", "page=-1", "page=x", "page=1e99", "limit=7", "limit=1000", "status=OPEN", "sort=name", "order=up"])("%s is ignored", (bad) => {
  expect(parse_list(`?${bad}`)).toEqual(parse_list(""));
});

test("the server's names differ from the page's", () => {
  expect(api_query(parse_list("?q=x&agent=claude&page=2")).toString()).toBe("page=2&limit=25&search=x&agentType=claude");
});

test.each([["#m-12", 12], ["#m-", null], ["#m-x", null], ["#m--1", null], ["", null]])("permalink %s", (hash, sequence) => {
  expect(parse_permalink(hash)).toBe(sequence);
});
