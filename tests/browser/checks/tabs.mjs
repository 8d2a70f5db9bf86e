import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { all_sequences, live, message_row, numbers_to } from "../support/page.mjs";

export const name = "ten tabs on one live session all load, all follow, and survive the end of any of them";
export const behind_proxy = true;
export const limit_ms = 120_000;

const k_id = session_id(10);
const k_tabs = 10;
const k_fetch_ms = 1_000;

const fetch_time = (page) =>
  page.evaluate(async () => {
    const start = performance.now();
    await (await fetch("/api/health", { cache: "no-store" })).text();
    return performance.now() - start;
  });

export async function run({ server, proxy, origin, note, browser: { context } }) {
  const send = (n) => server.ingest("message.created", message(k_id, n, `Message number ${n}.`));
  await server.ingest("conversation.started", started(k_id));
  for (let n = 1; n <= 5; n++) await send(n);

  const tabs = [];
  for (let i = 0; i < k_tabs; i++) {
    const page = i === 0 ? context.pages()[0] : await context.newPage();
    await page.goto(`${origin}/sessions/${k_id}`);
    await message_row(page, 5).waitFor();
    tabs.push(page);
  }
  for (const page of tabs) await live(page).waitFor();
  note(`${proxy.open_streams()} streams for ${k_tabs} tabs`);
  assert.ok(proxy.open_streams() <= 2, `${proxy.open_streams()} streams are open`);

  for (let n = 6; n <= 10; n++) await send(n);
  for (const page of tabs) await message_row(page, 10).waitFor({ timeout: 10_000 });
  const times = await Promise.all(tabs.map(fetch_time));
  note(`slowest fetch ${Math.round(Math.max(...times))} ms`);
  assert.ok(Math.max(...times) <= k_fetch_ms * 2, `a fetch took ${Math.max(...times)} ms`);

  // Wherever the connection lives: it must outlive its tab.
  for (const gone of tabs.splice(0, 3)) await gone.close();
  for (let n = 11; n <= 15; n++) await send(n);
  for (const page of tabs) {
    await page.bringToFront();
    await message_row(page, 15).waitFor({ timeout: 15_000 });
    assert.deepEqual(await all_sequences(page), numbers_to(15));
  }
}
