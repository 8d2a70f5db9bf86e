import { expect, test } from "vitest";
import { is_single, key_name, KeyReader } from "../app/core/keys";

const press = (key: string, extra: object = {}) => key_name({ key, ctrlKey: false, metaKey: false, altKey: false, ...extra });

test("keys are named as the help writes them", () => {
  expect([press("f"), press("G"), press(" "), press("?"), press("k", { ctrlKey: true }), press("k", { metaKey: true })]).toEqual([
    "f", "G", "Space", "?", "Ctrl K", "Ctrl K",
  ]);
});

test("two keys within the time may be a pair", () => {
  const reader = new KeyReader();
  expect(reader.read("g", 0)).toEqual(["g"]);
  expect(reader.read("s", 900)).toEqual(["g s", "s"]);
  expect(reader.read("g", 1_000)).toEqual(["s g", "g"]);
  expect(reader.read("d", 3_000)).toEqual(["d"]);
});

test("a pair is forgotten when something else took the key", () => {
  const reader = new KeyReader();
  reader.read("g", 0);
  reader.clear();
  expect(reader.read("s", 100)).toEqual(["s"]);
});

test("shortcuts with Ctrl and Escape cannot be switched off", () => {
  expect([is_single("f"), is_single("g s"), is_single("Ctrl K"), is_single("Escape")]).toEqual([true, true, false, false]);
});
