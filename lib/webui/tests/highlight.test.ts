// @vitest-environment jsdom
import { expect, test } from "vitest";
import { highlight_blocks } from "../app/markdown/highlight";

function coloured(language: string, text: string): HTMLElement {
  const root = document.createElement("div");
  const code = document.createElement("code");
  code.dataset.lang = language;
  code.textContent = text;
  root.append(code);
  highlight_blocks(root);
  return code;
}

const parts = (code: HTMLElement) => [...code.querySelectorAll("span")].map((span) => `${span.className.replace("hljs-", "")} ${span.textContent}`);

test("colours change nothing of the text", () => {
  const text = "@media (width > 40rem) {\n  a:hover > .x { color: #fff; --gap: 2px; background: url('a.png') /* no */ !important }\n}";
  expect(coloured("css", text).textContent).toBe(text);
});

test("style sheets have selectors, properties and values", () => {
  expect(parts(coloured("css", ".box { color: #fff; }"))).toEqual(["selector-tag .box", "attribute color", "number #fff"]);
});

test.each([
  ["c", "return 1;", ["keyword return", "number 1"]],
  ["js", "const a = 1;", ["keyword const", "number 1"]],
  ["javascript", "return null", ["keyword return", "literal null"]],
])("%s is read as the larger language beside it", (language, text, expected) => {
  expect(parts(coloured(language, text))).toEqual(expected);
});

test("an unknown language stays plain", () => {
  expect(parts(coloured("brainfuck", "+++"))).toEqual([]);
});
