import assert from "node:assert/strict";
import { session_id } from "../support/conversations.mjs";
import { ingest_texts, open_at } from "../support/texts.mjs";

export const name = "Markdown has the structure that its writer meant, and colours move nothing";

const k_id = session_id(16);
const k_text = [
  "# First heading", "Text with `inline code`, **bold**, *italic*, ~~gone~~ and https://example.com/auto.",
  "- one\n  - nested\n    1. deep\n- two", "- [x] done\n- [ ] open", "| a | b |\n|---|---:|\n| 1 | 2 |\n| 3 | 4 |",
  "> a quote", "```python\ndef f(x):\n    return x + 1\n```", "    indented code", "---",
].join("\n\n");

/** Tag names and their own text, as an outline: enough to see that the structure is right. */
const structure = (root) =>
  root.evaluate((element) => {
    const count = (selector) => element.querySelectorAll(selector).length;
    return {
      heading: element.querySelector("h4, h5, h6")?.textContent,
      inline: [...element.querySelectorAll("p > code")].map((code) => code.textContent),
      bold: count("strong"), italic: count("em"), gone: count("del"),
      links: [...element.querySelectorAll("a")].map((link) => link.getAttribute("href")),
      nested: count("ul ul"), deep: count("ul ul ol"),
      tasks: [...element.querySelectorAll(".task")].map((task) => task.textContent),
      rows: count("tbody tr"), right: count('td[align="right"]'),
      quote: count("blockquote"), blocks: count("pre"), rule: count("hr"),
    };
  });

export async function run({ server, browser: { page } }) {
  await ingest_texts(server, k_id, [k_text]);
  // The colours' file is held back until the plain text has been measured.
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  await page.route(/highlight-[A-Z0-9]+\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  const row = await open_at(page, server.origin, k_id, 1);
  assert.deepEqual(await structure(row.locator(".md")), {
    heading: "First heading",
    inline: ["inline code"],
    bold: 1, italic: 1, gone: 1,
    links: ["https://example.com/auto"],
    nested: 1, deep: 1,
    tasks: ["☑", "☐"],
    rows: 2, right: 2,
    quote: 1, blocks: 2, rule: 1,
  });
  const before = (await row.boundingBox()).height;
  assert.equal(await row.locator('[class^="hljs"]').count(), 0);
  let_go();
  await row.locator(".hljs-keyword").first().waitFor();
  assert.equal((await row.boundingBox()).height, before, "the height with colours");
}
