import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { live } from "../support/page.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "diagnostics tells the server's state, times the stream, shows events, and copies a report";
export const browser_options = { permissions: ["clipboard-read", "clipboard-write"] };

const k_id = session_id(32);
const k_round_trip_ms = 2_000;
const k_again_ms = 15_000;

export async function run({ server, note, browser: { page } }) {
  await page.goto(`${server.origin}/diagnostics`);
  await page.locator(".verdict [data-level]").waitFor();
  await live(page).waitFor();
  const told = await server.get("/api/diagnostics");
  assert.equal(await page.locator("[data-check]").count(), told.checks.length);
  await page.locator(".facts", { hasText: told.version }).waitFor();

  const streams = (n) => page.locator(".facts div", { hasText: "Streams" }).getByText(`${n} open`).waitFor({ timeout: k_again_ms });
  await streams(1);
  const another = new AbortController();
  await fetch(`${server.origin}/api/realtime/stream`, { signal: another.signal });
  await streams(2);
  another.abort();

  await page.getByRole("button", { name: "Test stream" }).click();
  const time = page.locator("[data-round-trip]");
  await time.waitFor({ timeout: 10_000 });
  const ms = Number(await time.getAttribute("data-round-trip"));
  note(`round trip of the stream ${ms.toFixed(1)} ms`);
  assert.ok(ms <= k_round_trip_ms, `${ms} ms`);

  await server.ingest("conversation.started", started(k_id));
  await server.ingest("message.created", message(k_id, 1));
  const lines = page.locator(".tail tbody tr");
  await lines.filter({ hasText: "message.created" }).waitFor();
  await page.getByLabel("Kind of event").selectOption("conversation.started");
  assert.equal(await lines.count(), 1);
  await page.getByLabel("Kind of event").selectOption("");
  await page.getByRole("button", { name: "Pause" }).click();
  const before = await lines.count();
  await server.ingest("message.created", message(k_id, 2));
  await page.waitForTimeout(800);
  assert.equal(await lines.count(), before, "a stopped list stands still");
  await take_screenshots(page, "diagnostics");

  await page.getByRole("button", { name: "Copy report" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(report, /^## agentpipe-web /);
  assert.doesNotMatch(report, /browser-test-key/);
}
