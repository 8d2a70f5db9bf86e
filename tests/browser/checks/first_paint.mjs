import assert from "node:assert/strict";
import { live } from "../support/page.mjs";
import { median_paint } from "../support/measure.mjs";

export const name = "the first page is painted at once and needs little script";
export const alone = true;

const k_paint_ms = 250;
// A page of a few words: what this machine needs for any page at all.
const k_bare = "/api/health";
const k_times_bare = 3;
const k_script_bytes = 70_000;
const k_loads = 9;

export async function run({ server, note, browser: { page, context } }) {
  await page.goto(server.origin);
  await page.getByText("No sessions yet").waitFor();
  assert.equal(new URL(page.url()).pathname, "/sessions");
  await page.locator("code", { hasText: "agentpipe-bridge setup" }).first().waitFor();
  await live(page).waitFor();

  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const scripts = new Map();
  session.on("Network.responseReceived", ({ requestId, response }) => /javascript/.test(response.mimeType) && scripts.set(requestId, 0));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => scripts.has(requestId) && scripts.set(requestId, encodedDataLength));
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.reload();
  await live(page).waitFor();
  const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  await session.detach();
  note(`${scripts.size} scripts, ${bytes} bytes on the wire`);
  assert.ok(bytes > 10_000 && bytes <= k_script_bytes, `${bytes} bytes of script`);

  const bare = await median_paint(page, server.origin + k_bare, k_loads);
  const painted = await median_paint(page, `${server.origin}/sessions`, k_loads);
  note(`first paint after ${Math.round(painted)} ms; of a few bare words ${Math.round(bare)} ms`);
  const limit = Math.max(k_paint_ms, k_times_bare * bare);
  assert.ok(painted <= limit, `painted after ${painted} ms, allowed ${limit} ms`);
}
