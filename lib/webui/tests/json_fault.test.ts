import { expect, test } from "vitest";
import { fault_line } from "../app/core/json_fault";

test.each(["{}", "[]", " [1, -2.5e3, true, null, \"a\\u00e9\\n\"]\n", '{"a": {"b": [{}, []]}}', '"x"', "0"])("%j is sound", (text) => {
  JSON.parse(text);
  expect(fault_line(text)).toBeNull();
});

test.each([
  ['{"a": 1,\n"b": }', 2],
  ['{"a": 1,\n"b": [', 2],
  ['{"a": 1\n\n"b": 2}', 3],
  ["[1,\n]", 2],
  ["[1]\n[2]", 2],
  ['{\n"a": "open\n}', 2],
  ["{'a': 1}", 1],
  ["", 1],
  ["[1}", 1],
  ['{"a" 1}', 1],
  ["[01]", 1],
  ["{} x", 1],
  ["]", 1],
])("%j breaks off in line %i", (text, line) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(fault_line(text)).toBe(line);
});

test("a long text is read to its end", () => {
  const text = `{"a": "${"x\\n".repeat(200_000)}",\n"b": [${"1,".repeat(100_000)}]}`;
  expect(fault_line(text)).toBe(2);
});
