import assert from "node:assert/strict";
import { message, started } from "../support/conversations.mjs";
import { counted } from "../support/page.mjs";

export const name = "what came while the network was away is shown once it is back";

// The browser says that requests failed while it was offline.
export const expected_complaints = /ERR_INTERNET_DISCONNECTED|ERR_NETWORK/;

const k_id = "7d1f0c52-0000-4000-8000-0000000000cc";

export async function run({ server, browser: { page, context } }) {
  const send = (n) => server.ingest("message.created", message(k_id, n));
  await server.ingest("conversation.started", started(k_id));
  await send(1);
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await page.locator('[data-stream="live"]').waitFor();
  await send(2);
  await page.locator("#m-2").waitFor();

  await context.setOffline(true);
  await page.locator('[data-stream="offline"], [data-stream="reconnecting"]').waitFor({ timeout: 5000 });
  for (let n = 3; n <= 20; n++) await send(n);
  await context.setOffline(false);
  await page.locator('[data-stream="live"]').waitFor({ timeout: 10_000 });
  await page.locator("#m-20").waitFor({ timeout: 5000 });
  await counted(page, 20);
  assert.equal((await server.get(`/api/sessions/${k_id}`)).totalMessages, 20);
}
