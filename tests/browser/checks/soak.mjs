import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { heap_after_collection } from "../support/measure.mjs";
import { at_end, counted, live } from "../support/page.mjs";
import { k_key } from "../support/server.mjs";
import { write_aside } from "../support/writers.mjs";

export const name = "a page that watches a session for long grows by what the session says, and by nothing else";
export const alone = true;
export const slow = true;

const k_id = session_id(25);
const k_minutes = Number(process.env.AGENTPIPE_SOAK_MINUTES ?? 30);
const k_per_second = 10;
const k_round_s = 60;
const k_warm_rounds = 1;
// A message is kept as an object, with its height, its row and its line in the outline.
const k_copies = 6;
const k_spare_bytes = 4_000_000;
const k_nodes = 3_000;
const k_spare_listeners = 40;

export const limit_ms = (k_minutes + 5) * 60_000;

async function counts(page) {
  const heap = await heap_after_collection(page); // so that what follows counts nothing that only waits for its collection
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
  return { heap, nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

export async function run({ server, note, browser: { page } }) {
  await server.ingest("conversation.started", started(k_id));
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await live(page).waitFor();
  const rounds = Math.max(k_warm_rounds + 1, Math.round((k_minutes * 60) / k_round_s));
  const each = k_per_second * k_round_s;
  let first = null;
  for (let round = 1; round <= rounds; round++) {
    await write_aside(server.origin, k_key, k_id, k_per_second, (round - 1) * each + 1, round * each);
    await counted(page, round * each);
    await at_end(page);
    const now = await counts(page);
    note(`${round} min: ${(now.heap / 1e6).toFixed(1)} MB, ${now.nodes} nodes, ${now.listeners} listeners`);
    if (round === k_warm_rounds) first = now;
    if (!first) continue;
    const said = (round - k_warm_rounds) * each * JSON.stringify(message(k_id, 1)).length;
    assert.ok(now.heap - first.heap <= k_copies * said + k_spare_bytes, `${now.heap - first.heap} bytes more for ${said} bytes of messages`);
    assert.ok(await page.evaluate((most) => document.querySelectorAll("*").length <= most, k_nodes), "nodes");
    assert.ok(now.listeners - first.listeners <= k_spare_listeners, `${now.listeners} listeners, ${first.listeners} at first`);
  }
}
