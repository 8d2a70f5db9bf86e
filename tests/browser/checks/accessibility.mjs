import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import assert from "node:assert/strict";
import { completed, message, started } from "../support/conversations.mjs";
import { text_file } from "../support/files.mjs";

export const name = "no page has a serious accessibility fault, in every theme, wide and narrow";
export const limit_ms = 240_000;
// The failing list fails by design.
export const expected_complaints = /Failed to load resource/;

const k_live = "7d1f0c52-0000-4000-8000-0000000000e1";
const k_ended = "7d1f0c52-0000-4000-8000-0000000000e2";
const k_tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const k_pages = [
  ["the list", "/sessions", ".sessions"],
  ["an empty result", "/sessions?status=ERROR", ".empty"],
  ["a failed list", "/sessions?limit=100", ".box.bad"],
  ["a live session", `/sessions/${k_live}`, "#m-5 .md"],
  ["an ended session", `/sessions/${k_ended}`, "#m-5 .md"],
  ["plots of a session", `/sessions/${k_ended}?panel=charts`, ".plot canvas"],
  ["the export dialog", `/sessions/${k_ended}`, "#m-5 .md", (page) => page.getByRole("button", { name: /^Export/ }).click()],
  ["the dashboard", "/dashboard", ".plot canvas"],
  ["data of a plot", "/dashboard", ".plot canvas", (page) => page.getByRole("button", { name: "Show data" }).first().click()],
  ["upload", "/upload", ".drop-button"],
  ["a queue", "/upload", ".drop-button", (page) => page.locator('input[type="file"]').setInputFiles([text_file("broken.json", "{"), text_file("empty.json", "")])],
  ["diagnostics", "/diagnostics", ".verdict"],
  ["settings", "/settings", ".setting"],
  ["help", "/settings", ".setting", (page) => page.keyboard.press("?")],
  ["the palette", "/settings", ".setting", (page) => page.keyboard.press("Control+k")],
  ["sign-in", "/signin", "form"],
  ["an unknown page", "/nothing/here", "h1"],
];

// Themes differ in colours only.
const k_colours = { type: "rule", values: ["color-contrast"] };
const k_looks = [
  ["light", { colorScheme: "light" }, "", { type: "tag", values: k_tags }],
  ["dark", { colorScheme: "dark" }, "", k_colours],
  ["high contrast", { colorScheme: "light" }, "contrast", k_colours],
];
const k_widths = [1280, 390];

async function faults(page, rules) {
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
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

  await page.route((url) => url.pathname === "/api/sessions" && url.searchParams.get("limit") === "100", (route) =>
    route.fulfill({ status: 500, contentType: "application/json", body: JSON.stringify({ error: "internal", code: "internal", message: "The database is locked.", request_id: "r" }) }),
  );
  const found = [];
  for (const [what, address, ready, act] of k_pages) {
    for (const width of k_widths) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto("about:blank");
      await page.goto(server.origin + address);
      if (width < 768 && what === "plots of a session") await page.locator("h1").waitFor();
      else await page.locator(ready).first().waitFor();
      await act?.(page).catch((error) => found.push(`${what}, ${width}: ${error.message.split("\n")[0]}`));
      await page.evaluate(axe);
      for (const [look, media, theme, rules] of k_looks) {
        await page.emulateMedia(media);
        await page.evaluate((name) => (name ? (document.documentElement.dataset.theme = name) : delete document.documentElement.dataset.theme), theme);
        found.push(...(await faults(page, rules)).map((fault) => `${what}, ${width}, ${look}: ${fault}`));
      }
    }
  }
  assert.deepEqual(found, []);
}
