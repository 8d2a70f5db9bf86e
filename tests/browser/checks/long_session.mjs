import assert from "node:assert/strict";
import { bulk, session_id } from "../support/conversations.mjs";
import { heap_after_collection, median, node_count, slowness } from "../support/measure.mjs";
import { message_row } from "../support/page.mjs";

export const name = "ten thousand messages cost few nodes, little memory and no waiting";
export const alone = true;

const k_id = session_id(8);
const k_messages = 10_000;
const k_nodes = 3_000;
const k_heap_bytes = 30_000_000;
const k_first_row_ms = 1_000;
const k_jump_ms = 120;

/** From the click on a link to a message until it is drawn, without the time the server needs for its page. */
async function jump(page, sequence) {
  return page.evaluate(async (n) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    performance.clearResourceTimings();
    const start = performance.now();
    location.hash = `#m-${n}`;
    while (!document.querySelector(`#m-${n}`)) {
      await frame();
      if (performance.now() - start > 10_000) throw new Error(`message ${n} does not appear`);
    }
    await frame();
    const loads = performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/messages?"));
    return performance.now() - Math.max(start, ...loads.map((entry) => entry.responseEnd));
  }, sequence);
}

export async function run({ server, note, browser: { page } }) {
  await server.upload(bulk(k_id, k_messages));
  await page.goto("about:blank");
  const slow = await slowness(page);
  await page.goto(`${server.origin}/sessions/${k_id}`, { waitUntil: "commit" });
  await message_row(page, 1).locator(".md").waitFor({ timeout: 5_000 });
  const first_row = await page.evaluate(() => performance.now());
  note(`${slow.toFixed(1)} times an idle machine's time; first row after ${Math.round(first_row)} ms`);
  assert.ok(first_row <= k_first_row_ms * slow, `first row after ${first_row} ms`);

  const jumps = [];
  for (const sequence of [5_000, 9_000, 300, 7_777, 2_500]) jumps.push(await jump(page, sequence));
  note(`jumps: ${jumps.map((ms) => Math.round(ms)).join(", ")} ms after their page came`);
  assert.ok(median(jumps) <= k_jump_ms * slow, `a jump takes ${median(jumps)} ms`);

  const top = await message_row(page, 2_500).evaluate((row) => row.getBoundingClientRect().top - row.closest(".scroller").getBoundingClientRect().top);
  assert.ok(top >= -2 && top < 300, `the message aimed at is in sight (${top} px from the top)`);
  const nodes = await node_count(page);
  const heap = await heap_after_collection(page);
  note(`${nodes} nodes, ${(heap / 1e6).toFixed(1)} MB of heap`);
  assert.ok(nodes <= k_nodes, `${nodes} nodes`);
  assert.ok(heap <= k_heap_bytes, `${heap} bytes`);
}
