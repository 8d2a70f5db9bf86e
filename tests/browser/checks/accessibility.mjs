import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import assert from "node:assert/strict";
import { completed, message, started } from "../support/conversations.mjs";

export const name = "no page has a serious accessibility fault, in both themes, wide and narrow";

export const expected_complaints = /Failed to load resource/;

const k_live = "7d1f0c52-0000-4000-8000-0000000000e1";
const k_ended = "7d1f0c52-0000-4000-8000-0000000000e2";
const k_tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const k_pages = [
  ["the list", "/sessions", ".sessions"],
  ["an empty result", "/sessions?status=ERROR", ".empty"],
  ["a live session", `/sessions/${k_live}`, "#m-5 .md"],
  ["an ended session", `/sessions/${k_ended}`, "#m-5 .md"],
  ["sign-in", "/signin", "form"],
  ["an unknown page", "/nothing/here", "h1"],
];

async function faults(page) {
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), k_tags);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

export async function run({ server, browser: { page } }) {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  for (const id of [k_live, k_ended]) {
    await server.ingest("conversation.started", started(id));
    for (let n = 1; n <= 5; n++) await server.ingest("message.created", message(id, n));
    await server.ingest("conversation.error", { conversation_id: id, error_message: "rate limit", agent_type: "claude" });
  }
  await server.ingest("conversation.completed", completed(k_ended));

  const found = [];
  for (const [what, address, ready] of k_pages) {
    await page.goto(server.origin + address);
    await page.locator(ready).first().waitFor();
    await page.evaluate(axe);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await faults(page)).map((fault) => `${what}, ${width}, ${colorScheme}: ${fault}`));
      }
    }
  }
  assert.deepEqual(found, []);
}
