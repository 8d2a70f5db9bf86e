import assert from "node:assert/strict";
import { k_participants, message, session_id, started } from "../support/conversations.mjs";
import { live, message_row } from "../support/page.mjs";
import { open_at } from "../support/texts.mjs";

export const name = "right-to-left and invisible characters neither deceive nor disturb their neighbours";

const k_id = session_id(14);
const k_hebrew = { agent_id: "claude-9", agent_type: "claude", name: "סוכן", model: "claude-sonnet-4" };
const k_zalgo = `Z${"\u0335\u0321\u0318\u0353\u0355\u0300\u0301\u0302\u0303".repeat(12)}algo`;

const alignment = (locator) =>
  locator.evaluate((block) => {
    const range = document.createRange();
    range.selectNodeContents(block);
    const text = range.getBoundingClientRect();
    const box = block.getBoundingClientRect();
    return text.left - box.left > box.right - text.right + 1 ? "right" : "left";
  });

export async function run({ server, browser: { page } }) {
  await server.ingest("conversation.started", started(k_id, { name: "invoice\u202Efdp.exe", participants: [...k_participants, k_hebrew] }));
  const texts = [
    "Open `photo\u202Egnp.js` now, or \u2066hidden\u2069.",
    "مرحبا بالعالم، هذه فقرة عربية قصيرة.\n\nAn English paragraph follows.",
    "👩‍👩‍👧‍👦 a family, 🏳️‍🌈 a flag, a lone \ud83d half",
    k_zalgo,
    "A plain neighbour.",
  ];
  for (const [i, text] of texts.entries()) {
    await server.ingest("message.created", { ...message(k_id, i + 1, text), agent_id: k_hebrew.agent_id, agent_name: k_hebrew.name, agent_type: "claude" });
  }

  await page.goto(`${server.origin}/sessions`);
  assert.ok((await page.locator(`[data-session="${k_id}"]`).first().innerText()).includes("⟦RLO⟧"), "the name's override is visible");

  const code = await open_at(page, server.origin, k_id, 1);
  await live(page).waitFor();
  assert.match(await code.innerText(), /photo⟦RLO⟧gnp\.js/);
  assert.match(await code.innerText(), /⟦LRI⟧hidden⟦PDI⟧/);
  assert.ok((await page.locator("h1").innerText()).includes("⟦RLO⟧"));

  const paragraphs = message_row(page, 2).locator(".md p");
  assert.equal(await alignment(paragraphs.nth(0)), "right");
  assert.equal(await alignment(paragraphs.nth(1)), "left");

  // Every number stands to the right of its word, whatever the names around it are.
  const order = await page.locator("[data-total]").evaluateAll((values) =>
    values.map((value) => {
      const word = (value.previousElementSibling ?? value.parentElement).getBoundingClientRect();
      return value.getBoundingClientRect().left >= word.left;
    }),
  );
  assert.ok(order.length > 0 && order.every(Boolean));

  assert.ok((await message_row(page, 3).innerText()).includes("\ufffd"), "a half character is replaced");
  const boxes = await Promise.all([3, 4, 5].map((n) => message_row(page, n).boundingBox()));
  assert.ok(boxes[0].y + boxes[0].height <= boxes[1].y + 1 && boxes[1].y + boxes[1].height <= boxes[2].y + 1, "rows do not overlap");
}
