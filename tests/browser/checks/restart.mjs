import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { all_sequences, live, message_row, numbers_to } from "../support/page.mjs";

export const name = "a server killed and started again under a watching page is followed on";
export const expected_complaints = /Failed to load resource|ERR_/;

const k_id = session_id(4);

export async function run({ server, browser: { page } }) {
  const send = (n) => server.ingest("message.created", message(k_id, n));
  await server.ingest("conversation.started", started(k_id));
  for (let n = 1; n <= 5; n++) await send(n);
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await message_row(page, 5).waitFor();
  await live(page).waitFor();
  await page.evaluate(() => (window.same_page = true));

  await server.kill();
  await page.locator('[data-stream="reconnecting"], [data-stream="offline"]').first().waitFor({ timeout: 5_000 });
  await message_row(page, 5).waitFor();
  await server.start();
  for (let n = 6; n <= 12; n++) await send(n);
  await live(page).waitFor({ timeout: 20_000 });
  await message_row(page, 12).waitFor({ timeout: 5_000 });
  await send(13);
  await message_row(page, 13).waitFor({ timeout: 5_000 });
  assert.deepEqual(await all_sequences(page), numbers_to(13));
  assert.equal(await page.evaluate(() => window.same_page), true, "no reload");
}
