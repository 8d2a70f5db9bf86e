import assert from "node:assert/strict";
import { completed, k_texts, message, started } from "../support/conversations.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "a conversation grows before the reader's eyes";

const k_row_ms = 1_000;
const k_message_ms = 500;
const k_id = "7d1f0c52-0000-4000-8000-00000000000a";

const k_note = `Greta joined. ${"Whoever speaks next has read all that was said before. ".repeat(6)}`;

const ingest_text = (n) => k_texts[n - 1].split("\n")[0].replace(/^- \[x\] /, "").slice(0, 12);

const number_in = async (page, what) =>
  Number((await page.locator(`[data-total="${what}"]`).innerText()).replace(/[$,]/g, ""));

export async function run({ server, note, browser: { page } }) {
  await page.goto(server.origin);
  await page.getByText("No sessions yet").waitFor();
  assert.equal(new URL(page.url()).pathname, "/sessions");
  await page.locator('[data-stream="live"]').waitFor();
  await take_screenshots(page, "empty");

  // A mark that a reload would wipe off.
  await page.evaluate(() => (window.same_page = true));
  await server.ingest("conversation.started", started(k_id));
  await page.locator(`[data-session="${k_id}"]`).waitFor({ timeout: k_row_ms });
  await page.getByRole("table").getByRole("link", { name: /Plan the move/ }).click();
  await page.locator('[data-stream="live"]').waitFor();

  for (let n = 1; n <= 5; n++) {
    const sent = Date.now();
    await server.ingest("message.created", message(k_id, n));
    await page.locator(`#m-${n} .md`).waitFor({ timeout: k_message_ms });
    note(`message ${n} shown ${Date.now() - sent} ms after it was sent`);
    assert.ok((await page.locator(`#m-${n}`).innerText()).includes(ingest_text(n)), `text of message ${n}`);
    if (n === 2) await server.ingest("log.entry", { conversation_id: k_id, level: "system", role: "system", agent_name: "HOST", content: k_note });
    if (n === 3) await server.ingest("conversation.error", { conversation_id: k_id, error_message: "rate limit, waiting 20 s", error_type: "rate_limit", agent_type: "claude" });
  }
  const shown = await page.locator('[data-row="message"]').evaluateAll((rows) =>
    rows.map((row) => ({ id: row.id, index: Number(row.dataset.index) })).sort((a, b) => a.index - b.index).map(({ id }) => id),
  );
  const following = await page.locator(".scroller").evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  assert.ok(following <= 1, `the end is in sight (off by ${following} px)`);
  assert.deepEqual(shown, ["m-1", "m-2", "m-3", "m-4", "m-5"]);
  assert.equal(await page.locator('[data-row="note"]').count(), 1);
  assert.equal(await page.locator('[data-row="error"]').count(), 1);
  const author_lines = await page.locator(".note bdi").evaluate((author) => {
    const text = document.createRange();
    text.selectNodeContents(author);
    return text.getClientRects().length;
  });
  assert.equal(author_lines, 1, "the note's author is not broken");
  await take_screenshots(page, "live");

  await server.ingest("conversation.completed", completed(k_id));
  await page.locator(".title-line").getByText("Completed").waitFor();
  await page.locator('[data-row="summary"]').waitFor();
  await page.waitForTimeout(200);
  const end = await page.locator(".scroller").evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  assert.ok(end <= 1, `the summary is in sight (off by ${end} px)`);
  await page.waitForFunction(() => document.querySelector("[data-stream]").dataset.stream === "ended", null, { timeout: 10_000 });
  await take_screenshots(page, "ended");

  const session = await server.get(`/api/sessions/${k_id}`);
  assert.equal(session.status, "COMPLETED");
  assert.equal(await number_in(page, "messages"), session.totalMessages);
  assert.equal(await number_in(page, "tokens"), session.totalTokens);
  assert.ok(Math.abs((await number_in(page, "cost")) - session.totalCost) < 0.0001, "cost");
  assert.equal(await page.evaluate(() => window.same_page), true, "no reload");

  for (let i = 1; i <= 30; i++) {
    const id = `7d1f0c52-0000-4000-8000-0000000001${String(i).padStart(2, "0")}`;
    const at = new Date(Date.now() - i * 3_700_000).toISOString();
    await server.ingest("conversation.started", started(id, { initial_prompt: `Review of change ${i}: what breaks when the lease is lost half-way?` }), at);
    await server.ingest("message.created", message(id, 1), at);
    if (i % 3) await server.ingest("conversation.completed", { ...completed(id), status: i % 5 ? "completed" : "interrupted" }, at);
  }
  await page.locator(".back").click();
  await page.locator(".sessions tbody tr").nth(24).waitFor();
  await take_screenshots(page, "list");
}
