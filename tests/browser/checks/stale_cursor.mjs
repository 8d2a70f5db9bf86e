import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { all_sequences, live, message_row, numbers_to } from "../support/page.mjs";

export const name = "a place in the log that the server does not know is answered by one reset, and the gap is filled";
export const behind_proxy = true;
export const expected_complaints = /Failed to load resource|ERR_/;

const k_id = session_id(5);
const k_missed = 500;

// As if the server's log had begun anew meanwhile: the epoch of the cursor is another one.
const with_foreign_cursor = (head) => head.replace(/last_event_id=[^-&\s]+-(\d+)/, "last_event_id=another-$1").replace(/Last-Event-ID: [^-\r]+-/i, "Last-Event-ID: another-");

export async function run({ server, proxy, origin, browser: { page } }) {
  await server.ingest("conversation.started", started(k_id));
  await server.ingest("message.created", message(k_id, 1));
  await page.goto(`${origin}/sessions/${k_id}`);
  await live(page).waitFor();
  await server.ingest("message.created", message(k_id, 2));
  await message_row(page, 2).waitFor();
  const pages_asked = [];
  page.on("request", (request) => /\/messages\?.*after_seq=/.test(request.url()) && pages_asked.push(request.url()));

  const before = proxy.heads.length;
  proxy.rewrite((head) => {
    const changed = with_foreign_cursor(head);
    if (changed !== head) proxy.rewrite((later) => later);
    return changed;
  });
  proxy.freeze();
  for (let n = 3; n <= 2 + k_missed; n++) await server.ingest("message.created", message(k_id, n, `Message number ${n}.`));
  proxy.cut();

  await message_row(page, 2 + k_missed).waitFor({ timeout: 20_000 });
  await live(page).waitFor();
  assert.deepEqual(await all_sequences(page), numbers_to(2 + k_missed));
  assert.equal(proxy.heads.length - before, 1, "one new stream");
  assert.ok(pages_asked.length >= 3, `the gap was read by pages: ${pages_asked.length}`);
  await server.ingest("message.created", message(k_id, 3 + k_missed));
  await page.locator(".scroller").press("End");
  await message_row(page, 3 + k_missed).waitFor({ timeout: 5_000 });
}
