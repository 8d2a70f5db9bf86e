import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { live, message_row } from "../support/page.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "a session that falls silent is interrupted before the reader's eyes, and goes on with its next event";
export const server_settings = ["--silence-timeout", "2s"];

const k_id = session_id(41);

export async function run({ server, browser: { page } }) {
  let n = 0;
  const speak = () => server.ingest("message.created", message(k_id, ++n));
  const status = page.locator(`[data-session="${k_id}"] .status, .title-line .status`);
  const silent = status.getByText("Interrupted");
  const running = status.getByText("Active");

  await page.goto(`${server.origin}/sessions`);
  await live(page).waitFor();
  await server.ingest("conversation.started", started(k_id));
  await running.waitFor();
  await page.locator(".live-strip").waitFor({ state: "detached", timeout: 10_000 });
  await silent.waitFor();
  assert.match(await status.getAttribute("title"), /^No event for a while/);
  await take_screenshots(page, "silent-list");
  await speak();
  await running.waitFor();
  await page.locator(".live-card").waitFor();

  await page.locator(`[data-session="${k_id}"] .row-link`).click();
  await silent.waitFor({ timeout: 10_000 });
  await page.locator(".session-foot").getByText("goes on when one comes").waitFor();
  await take_screenshots(page, "silent-session");
  await speak();
  await message_row(page, n).waitFor();
  await running.waitFor();

  await silent.waitFor({ timeout: 10_000 });
  await page.reload();
  await silent.waitFor();
  await live(page).waitFor();
  await speak();
  await message_row(page, n).waitFor();
  await running.waitFor();
}
