import assert from "node:assert/strict";
import { bulk, message, session_id, started } from "../support/conversations.mjs";
import { message_row, until } from "../support/page.mjs";

export const name = "a search finds words of old messages, shows where, and leads there";

const k_old = session_id(20, 0);
const k_hit = 640;
const k_literals = ["100%_done", "say \"hello\" twice", "🦦 otter"];

export async function run({ server, browser: { page } }) {
  await server.upload(bulk(k_old, 900, { text: (n) => (n === k_hit ? "The quokkaword hides in here, among others." : `Line ${n} of plain talk.`) }));
  for (const [i, text] of k_literals.entries()) {
    await server.ingest("conversation.started", started(session_id(20, i + 1), { initial_prompt: `Other ${i}` }));
    await server.ingest("message.created", message(session_id(20, i + 1), 1, `Words before ${text} and after.`));
  }
  await until(() => server.get("/api/search?q=quokkaword"), ({ results }) => results.length === 1, "the index has it", 10_000);

  await page.goto(`${server.origin}/sessions?q=quokkaword`);
  await page.locator("mark", { hasText: "quokkaword" }).first().waitFor();
  await page.locator(`a[href*="#m-${k_hit}"]`).first().click();
  await message_row(page, k_hit).waitFor();
  const top = await message_row(page, k_hit).evaluate((row) => row.getBoundingClientRect().top - row.closest(".scroller").getBoundingClientRect().top);
  assert.ok(top >= -20 && top < 600, `the message is in sight (${top} px)`);

  for (const [i, text] of k_literals.entries()) {
    const { results } = await server.get(`/api/search?${new URLSearchParams({ q: text })}`);
    assert.deepEqual(results.map(({ session }) => session.id), [session_id(20, i + 1)], text);
    await page.goto(`${server.origin}/sessions?${new URLSearchParams({ q: text })}`);
    await page.locator(`a[href*="${session_id(20, i + 1)}"]`).first().waitFor();
  }
}
