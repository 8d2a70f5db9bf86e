import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { all_sequences, live, message_row, numbers_to } from "../support/page.mjs";

export const name = "a stream that falls silent without closing is opened again";
export const behind_proxy = true;
export const limit_ms = 90_000;

const k_id = session_id(6);
const k_silence_ms = 45_000;

export async function run({ server, proxy, origin, note, browser: { page } }) {
  await server.ingest("conversation.started", started(k_id));
  await page.goto(`${origin}/sessions/${k_id}`);
  await live(page).waitFor();
  await server.ingest("message.created", message(k_id, 1));
  await message_row(page, 1).waitFor();

  proxy.freeze();
  for (let n = 2; n <= 4; n++) await server.ingest("message.created", message(k_id, n));
  const opened = proxy.heads.length;
  const start = Date.now();
  while (proxy.heads.length === opened) {
    assert.ok(Date.now() - start <= k_silence_ms, "a new stream within 45 s");
    await page.waitForTimeout(100);
  }
  note(`opened again after ${((Date.now() - start) / 1000).toFixed(1)} s`);
  await message_row(page, 4).waitFor({ timeout: 5_000 });
  assert.deepEqual(await all_sequences(page), numbers_to(4));
}
