import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { all_sequences, at_pace, counted, live, message_row, numbers_to } from "../support/page.mjs";

export const name = "a stream cut five times leaves no hole and no double";
export const behind_proxy = true;
// Cut connections are what the browser reports.
export const expected_complaints = /Failed to load resource|ERR_/;

const k_id = session_id(3);
const k_messages = 400;
const k_cut_at = [60, 130, 190, 260, 330];

export async function run({ server, proxy, origin, note, browser: { page } }) {
  await server.ingest("conversation.started", started(k_id));
  await server.ingest("message.created", message(k_id, 1));
  await page.goto(`${origin}/sessions/${k_id}`);
  await live(page).waitFor();
  await page.evaluate(() => {
    window.states = [];
    const read = () => {
      const state = document.querySelector("[data-stream]")?.dataset.stream;
      if (state && window.states.at(-1) !== state) window.states.push(state);
    };
    read();
    new MutationObserver(read).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-stream"] });
  });

  await at_pace(50, 2, k_messages, async (n) => {
    if (k_cut_at.includes(n)) proxy.cut();
    await server.ingest("message.created", message(k_id, n, `Message number ${n}.`));
  });
  await message_row(page, k_messages).waitFor({ timeout: 15_000 });
  await live(page).waitFor();
  const states = await page.evaluate(() => window.states);
  note(states.join(" → "));
  assert.match(states.join(" "), /live( connecting)? reconnecting( connecting)? live/);
  assert.deepEqual(await all_sequences(page), numbers_to(k_messages));
  const session = await server.get(`/api/sessions/${k_id}`);
  assert.equal(session.totalMessages, k_messages);
  await counted(page, k_messages);
}
