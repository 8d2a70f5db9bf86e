import assert from "node:assert/strict";
import { completed, message, session_id, started } from "../support/conversations.mjs";
import { live, until } from "../support/page.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "the dashboard's figures are the server's, lead to their sessions, and move by themselves";

const k_sessions = 6;
const hour_ms = 3_600_000;

const tile = (page, label) => page.locator(".tile", { hasText: label });
const value = async (page, label) => Number((await tile(page, label).locator(".tile-value").innerText()).replace(/[^\d.]/g, ""));

async function fill(server) {
  for (let i = 0; i < k_sessions; i++) {
    const id = session_id(31, i);
    const at = (n) => new Date(Date.now() - i * hour_ms - hour_ms / 2 + n * 1_000).toISOString();
    await server.ingest("conversation.started", started(id), at(0));
    for (let n = 1; n <= 3 + i; n++) await server.ingest("message.created", message(id, n), at(n));
    if (i === 2) await server.ingest("conversation.error", { conversation_id: id, error_message: "rate limit", agent_type: "claude" }, at(9));
    if (i > 0) await server.ingest("conversation.completed", completed(id), at(20));
  }
}

export async function run({ server, browser: { page } }) {
  await fill(server);
  await page.goto(`${server.origin}/dashboard`);
  await tile(page, "Sessions").waitFor();
  await live(page).waitFor();
  const messages = (3 + 3 + k_sessions - 1) * (k_sessions / 2);
  await until(() => value(page, "Messages"), (shown) => shown === messages, "messages");
  assert.equal(await value(page, "Sessions"), k_sessions);
  assert.equal(await value(page, "Live now"), 1);
  await page.locator(".uplot canvas").first().waitFor();
  await take_screenshots(page, "dashboard");

  // The numbers behind a plot, and the way to the sessions of one of them.
  const plot = page.locator(".plot", { hasText: "Sessions" }).first();
  await plot.getByRole("button", { name: "Show data" }).click();
  const rows = plot.locator(".plot-table tbody tr");
  const counted = await rows.locator("td:nth-child(2)").allInnerTexts();
  assert.equal(counted.reduce((sum, text) => sum + Number(text), 0), k_sessions);
  // A switch of the legend takes its line away and says so.
  const switch_off = page.locator(".plot", { hasText: "Messages by agent" }).getByRole("button", { name: /gemini/ });
  await switch_off.press("Enter");
  assert.equal(await switch_off.getAttribute("aria-pressed"), "false");

  await server.ingest("message.created", message(session_id(31, 0), 4));
  await until(() => value(page, "Messages"), (shown) => shown === messages + 1, "messages after an event", 10_000);

  await page.getByRole("link", { name: "1 hour" }).click();
  await until(() => value(page, "Sessions"), (shown) => shown === 1, "sessions of one hour");
  assert.equal(new URL(page.url()).search, "?range=1h");
  await tile(page, "Sessions").click();
  await page.locator("[data-session]").first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get("from"), "-1h");
  await until(() => page.locator("tbody [data-session]").count(), (count) => count === 1, "rows behind the figure");
  await page.goBack();
  await tile(page, "Sessions").waitFor();
}
