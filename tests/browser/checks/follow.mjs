import assert from "node:assert/strict";
import { message, started } from "../support/conversations.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "following stops for the reader and goes on when asked";

const k_id = "7d1f0c52-0000-4000-8000-0000000000bb";
const k_stored = 620;

const end_distance = (page) => page.locator(".scroller").evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);

/** The message at the top of the viewport, and how far it reaches above it. */
const top_row = (page) =>
  page.locator(".scroller").evaluate((box) => {
    const edge = box.getBoundingClientRect().top;
    const rows = [...box.querySelectorAll('[data-row="message"]')].map((row) => ({ id: row.id, top: row.getBoundingClientRect().top - edge }));
    return rows.sort((a, b) => a.top - b.top).findLast((row) => row.top <= 0) ?? rows[0];
  });

export async function run({ server, browser: { page } }) {
  const send = (n) => server.ingest("message.created", message(k_id, n));
  await server.ingest("conversation.started", started(k_id));
  for (let n = 1; n <= k_stored; n++) await send(n);

  await page.goto(`${server.origin}/sessions/${k_id}`);
  await page.locator(`#m-${k_stored}`).waitFor();
  await page.locator('[data-stream="live"]').waitFor();
  await page.waitForTimeout(300);
  assert.ok((await end_distance(page)) <= 1, "opens at the end");

  await page.locator(".scroller").hover();
  for (const delta of [-4, -60, -600]) {
    await page.mouse.wheel(0, delta);
    await page.getByRole("button", { name: "Paused · Resume" }).waitFor({ timeout: 1000 });
    await page.waitForTimeout(200);
    const before = await top_row(page);
    const first = (await server.get(`/api/sessions/${k_id}`)).totalMessages + 1;
    for (let n = first; n < first + 10; n++) await send(n);
    const pill = page.getByRole("button", { name: "↓ 10 new messages" });
    await pill.waitFor({ timeout: 2000 });
    const after = await top_row(page);
    assert.equal(after.id, before.id);
    assert.ok(Math.abs(after.top - before.top) <= 1, `the text moved by ${after.top - before.top} px`);
    if (delta === -600) await take_screenshots(page, "paused");
    await pill.click();
    await page.locator(`#m-${first + 9}`).waitFor();
    await page.waitForTimeout(200);
    assert.ok((await end_distance(page)) <= 1, `at the end again after ${delta} (off by ${await end_distance(page)} px)`);
  }

  // Upwards through the pages: they join without the text jumping.
  await page.keyboard.press("Home");
  for (let tries = 0; tries < 40 && !(await page.locator("#m-1").isVisible()); tries++) {
    await page.locator(".scroller").evaluate((box) => (box.scrollTop = 0));
    await page.waitForTimeout(100);
  }
  await page.locator('[data-row="prompt"]').waitFor();
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  assert.ok(nodes < 3000, `${nodes} nodes`);
  await page.keyboard.press("End");
  await page.waitForTimeout(300);
  assert.ok((await end_distance(page)) <= 1, "End goes to the end");

  // A permalink into the middle, with its neighbours to be loaded on both sides.
  await page.goto("about:blank");
  await page.goto(`${server.origin}/sessions/${k_id}#m-300`);
  await page.locator("#m-300").waitFor();
  await page.waitForTimeout(500);
  const top = await page.locator("#m-300").evaluate((row) => row.getBoundingClientRect().top - row.closest(".scroller").getBoundingClientRect().top);
  assert.ok(top >= -2 && top < 200, `message 300 is in sight (${top} px from the top)`);
}
