// Code and tables of a message: what a reader can do with them stands beside them; parts/blocks.ts makes it work.

import { count } from "../core/format";
import { escape_html } from "./escape";

const k_most_lines = 60;
const k_most_rows = 200;

const unfold = (words: string): string => `<button type="button" class="unfold">Show all ${words}</button>`;

export function code_html(text: string, language: string): string {
  const lines = text.split("\n").length;
  const folds = lines > k_most_lines;
  const label = language ? `<span class="code-lang">${escape_html(language)}</span>` : "";
  const marker = language ? ` data-lang="${escape_html(language.toLowerCase())}"` : "";
  return (
    `<div class="code${folds ? " folded" : ""}"><pre tabindex="0"><code${marker}>${escape_html(text)}</code></pre>` +
    '<div class="code-tools"><button type="button" class="code-wrap" aria-label="Wrap long lines" aria-pressed="false"></button>' +
    `<button type="button" class="code-copy" aria-label="Copy the code"></button>${label}</div>` +
    `${folds ? unfold(`${count(lines)} lines`) : ""}</div>\n`
  );
}

export function table_html(inner: string, rows: number): string {
  const folds = rows > k_most_rows;
  return (
    `<div class="table-block${folds ? " folded" : ""}"><div class="table" tabindex="0"><table>${inner}</table></div>` +
    `${folds ? unfold(`${count(rows)} rows`) : ""}</div>\n`
  );
}
