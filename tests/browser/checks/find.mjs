import assert from "node:assert/strict";
import { bulk, session_id } from "../support/conversations.mjs";
import { message_row, top_row, until } from "../support/page.mjs";

export const name = "find goes through all messages, also those that are not loaded, and comes back";
export const limit_ms = 90_000;

const k_id = session_id(18);
const k_hits = [12, 4_000, 9_999];

const in_sight = (page, n) =>
  message_row(page, n).evaluate((row) => {
    const box = row.closest(".scroller").getBoundingClientRect();
    const { top, bottom } = row.getBoundingClientRect();
    return top < box.bottom && bottom > box.top;
  });

export async function run({ server, browser: { page } }) {
  await server.upload(bulk(k_id, 10_000, { text: (n) => (k_hits.includes(n) ? `The wombatword of ${n}.` : `Line ${n}.`) }));
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await message_row(page, 1).locator(".md").waitFor();
  const before = await top_row(page);
  await page.keyboard.press("Control+f");
  const input = page.locator('.find input, input[type="search"]').first();
  await input.fill("wombatword");
  for (const [i, n] of [...k_hits, k_hits[0]].entries()) {
    if (i > 0) await input.press("Enter");
    await page.getByText(`${(i % k_hits.length) + 1} of ${k_hits.length}`).first().waitFor();
    await message_row(page, n).waitFor({ timeout: 10_000 });
    await until(() => in_sight(page, n), Boolean, `message ${n} in sight`);
  }
  await page.keyboard.press("Escape");
  await message_row(page, 1).waitFor();
  await until(() => top_row(page), (row) => row?.id === before.id, "the place from before");
}
