// Colours for code blocks; a chunk of its own, loaded once the page is idle. The text and its metrics stay as they
// are, so that nothing moves.

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import css from "./css_grammar";
import { sanitise } from "./render";

const k_languages = {
  bash, cpp, css, diff, go, java, json, markdown, python, rust, sql, typescript, xml, yaml,
};
for (const [name, language] of Object.entries(k_languages)) hljs.registerLanguage(name, language);
// The larger language reads the smaller one as well, and each grammar weighs 2 kB.
hljs.registerAliases("c", { languageName: "cpp" });
hljs.registerAliases(["javascript", "js", "jsx", "mjs", "cjs"], { languageName: "typescript" });

const k_longest = 20_000;

export function highlight_blocks(root: HTMLElement): void {
  for (const code of root.querySelectorAll<HTMLElement>("code[data-lang]")) {
    const language = code.dataset.lang!;
    const text = code.textContent ?? "";
    code.removeAttribute("data-lang");
    if (text.length > k_longest || !hljs.getLanguage(language)) continue;
    code.innerHTML = sanitise(hljs.highlight(text, { language, ignoreIllegals: true }).value);
  }
}
