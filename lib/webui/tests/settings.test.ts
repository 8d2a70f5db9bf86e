import { expect, test } from "vitest";
import { k_defaults, read_settings } from "../app/state/settings";

test.each([null, "", "{", "null", "7", '"x"', "[]"])("%s is as if nothing were stored", (text) => {
  expect(read_settings(text)).toEqual(k_defaults);
});

test("what fits is taken, the rest is left at its default", () => {
  const stored = { density: "slim", zone: "mars", fold_tools: false, fold_thinking: "no", unknown: 1 };
  expect(read_settings(JSON.stringify(stored))).toEqual({ ...k_defaults, density: "slim", fold_tools: false });
});
