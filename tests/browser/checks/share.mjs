import assert from "node:assert/strict";
import { completed, message, session_id, started } from "../support/conversations.mjs";
import { all_sequences, live, message_row, numbers_to } from "../support/page.mjs";

export const name = "a link shows one session to a guest, live or as it was, until it is revoked";
// A link that has ended is an error by design, and a frozen one has nothing to listen to.
export const expected_complaints = /Failed to load resource/;

const k_id = session_id(30);

export async function run({ server, browser: { page } }) {
  const send = (n) => server.ingest("message.created", message(k_id, n));
  await server.ingest("conversation.started", started(k_id));
  for (let n = 1; n <= 3; n++) await send(n);
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await live(page).waitFor();
  // As the page's own dialog does it: the browser on this machine may share.
  const share = (mode) =>
    page.evaluate(
      async ([id, wanted]) => {
        const response = await fetch(`/api/sessions/${id}/share`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ mode: wanted, expiresIn: 3600 }),
        });
        return response.json();
      },
      [k_id, mode],
    );
  const open_link = await share("live");
  const frozen_link = await share("frozen");

  await page.goto(server.origin + open_link.path);
  await message_row(page, 3).waitFor();
  await live(page).waitFor();
  assert.equal(await page.getByRole("navigation", { name: "Pages" }).count(), 0, "guests see no other pages");
  await send(4);
  await message_row(page, 4).waitFor({ timeout: 5_000 });
  await server.ingest("conversation.completed", completed(k_id));
  await page.locator('[data-row="summary"]').waitFor();
  assert.deepEqual(await all_sequences(page), numbers_to(4));

  await page.goto(server.origin + frozen_link.path);
  await message_row(page, 3).waitFor();
  await page.getByText("as it was").waitFor();
  assert.deepEqual(await all_sequences(page), numbers_to(3));

  await page.evaluate((id) => fetch(`/api/shares/${id}`, { method: "DELETE" }), open_link.id);
  await page.goto(server.origin + open_link.path);
  await page.getByRole("heading", { name: "This link has ended" }).waitFor();
  await page.goto(`${server.origin}/share/nothing-like-this`);
  await page.getByRole("heading", { name: "Not found" }).waitFor();
}
