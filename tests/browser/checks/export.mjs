import assert from "node:assert/strict";
import { completed, message, session_id, started } from "../support/conversations.mjs";
import { start_server } from "../support/server.mjs";

export const name = "what is exported can be read: JSON goes back in, CSV is harmless, HTML has no script";

const k_id = session_id(21);
const k_texts = ["=1+1", "two\nlines, and a \"quote\"", "<script>window.owned = 1</script>", "Plain ☃ words"];

const download = async (server, format) => {
  const response = await fetch(`${server.origin}/api/sessions/${k_id}/export?format=${format}`);
  assert.equal(response.status, 200, format);
  assert.match(response.headers.get("content-disposition"), /^attachment; filename="?session-/);
  return response.text();
};

/** Rows of a CSV text, as RFC 4180 has it. */
function parse_csv(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows[rows.length - 1].push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

export async function run({ server, browser: { page } }) {
  await server.ingest("conversation.started", started(k_id));
  for (const [i, text] of k_texts.entries()) await server.ingest("message.created", message(k_id, i + 1, text));
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await page.getByRole("button", { name: /^Export/ }).click();
  const link = page.getByRole("dialog").locator("a[download], a[href*='/export?']").first();
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.match(file.suggestedFilename(), /^session-.*\.json$/);
  await page.getByRole("button", { name: /^Export/ }).click();
  await page.getByLabel("Without keys and e-mail addresses").check();
  assert.match(await link.getAttribute("href"), /[?&]redact=1(&|$)/);
  await server.ingest("conversation.completed", completed(k_id));

  const rows = parse_csv(await download(server, "csv"));
  const cells = rows.flat();
  assert.ok(cells.includes("'=1+1"), "a formula is made harmless");
  assert.ok(cells.includes(k_texts[1]), "lines and quotes survive");
  assert.equal((await download(server, "jsonl")).trim().split("\n").map((line) => JSON.parse(line)).length > 0, true);
  assert.ok((await download(server, "markdown")).includes("Plain ☃ words"));

  const html = await download(server, "html");
  await page.goto("about:blank");
  await page.setContent(html);
  assert.equal(await page.locator("script").count(), 0);
  assert.equal(await page.evaluate(() => window.owned), undefined);
  assert.ok((await page.locator("body").innerText()).includes("<script>"));

  const json = JSON.parse(await download(server, "json"));
  const other = await start_server();
  try {
    await other.upload(json);
    const contents = async (from) => (await from.get(`/api/sessions/${k_id}/messages?limit=100`)).messages.map(({ content }) => content);
    assert.deepEqual(await contents(other), await contents(server));
    assert.deepEqual(await contents(other), k_texts);
  } finally {
    await other.stop();
  }
}
