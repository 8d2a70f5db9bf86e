import assert from "node:assert/strict";
import { completed, message, session_id, started } from "../support/conversations.mjs";
import { open_browser } from "../support/browser.mjs";
import { until } from "../support/page.mjs";

export const name = "the address carries the filters, over reload, back, forward and to another browser";
// Values that are nonsense are refused by the server, or ignored.
export const expected_complaints = /Failed to load resource/;

const k_sessions = 40;

const ids = (page) => page.locator("tbody [data-session]").evaluateAll((rows) => rows.map((row) => row.dataset.session));

async function fill(server) {
  for (let i = 0; i < k_sessions; i++) {
    const at = new Date(Date.now() - i * 60_000).toISOString();
    await server.ingest("conversation.started", started(session_id(19, i), { initial_prompt: i % 2 ? `Otter number ${i}` : `Heron number ${i}` }), at);
    await server.ingest("message.created", message(session_id(19, i), 1), at);
    if (i % 4 < 2) await server.ingest("conversation.completed", completed(session_id(19, i)), at);
  }
}

async function expected(server, query) {
  const { sessions } = await server.get(`/api/sessions?${query}`);
  return sessions.map(({ id }) => id);
}

export async function run({ server, browser: { page } }) {
  await fill(server);
  const address = `${server.origin}/sessions?status=COMPLETED&agent=claude&sort=messages&order=asc&limit=25`;
  const wanted = await expected(server, "status=COMPLETED&agentType=claude&sort=messages&order=asc&page=1&limit=25");
  assert.equal(wanted.length, k_sessions / 2);
  await page.goto(address);
  await until(() => ids(page), (shown) => shown.join() === wanted.join(), "the filtered rows");
  await page.reload();
  await until(() => ids(page), (shown) => shown.join() === wanted.join(), "the rows after a reload");

  await page.goto(`${server.origin}/sessions?page=2&limit=25`);
  await until(() => ids(page), (shown) => shown.length === k_sessions - 25, "the second page");
  await page.goBack();
  await until(() => ids(page), (shown) => shown.join() === wanted.join(), "the rows after going back");
  await page.goForward();
  await until(() => ids(page), (shown) => shown.length === k_sessions - 25, "the second page again");

  const other = await open_browser(server.origin);
  try {
    await other.page.goto(address);
    await until(() => ids(other.page), (shown) => shown.join() === wanted.join(), "the rows of another browser");
    assert.deepEqual(other.complaints, []);
  } finally {
    await other.close();
  }

  for (const nonsense of ["?status=ASLEEP&page=-3&limit=7&sort=colour", "?from=yesterday&to=2026-13-45&min_cost=x", "?page=99999"]) {
    await page.goto(`${server.origin}/sessions${nonsense}`);
    await page.getByRole("heading", { level: 1, name: "Sessions" }).waitFor();
    await page.locator("[data-session], .empty, .box.bad").first().waitFor();
  }
}
