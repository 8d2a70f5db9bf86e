import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { session_id } from "../support/conversations.mjs";
import { ingest_texts, open_at } from "../support/texts.mjs";

export const name = "dangerous links are text; a good one opens without opener and referrer";
// The good link leads to another port of this machine.
export const expected_complaints = /^request to http:\/\/127\.0\.0\.1:\d+\/(landing|favicon\.ico)/;

const k_id = session_id(12);
const k_dangerous = [
  "[a](javascript:alert(1))", "[b](JaVaScRiPt:alert(2))", "[c](&#106;avascript:alert(3))", "[d](&#x6A;avascript&colon;alert(4))",
  "[e](java\tscript:alert(5))", "[f](java\nscript:alert(6))", "[g](\u0001javascript:alert(7))", "[h](data:text/html,<script>alert(8)</script>)",
  "[i](data:text/html;base64,PHNjcmlwdD5hbGVydCg5KTwvc2NyaXB0Pg==)", "[j](vbscript:msgbox(10))", "[k](file:///etc/passwd)",
  "<javascript:alert(11)>", "[l][ref]\n\n[ref]: javascript:alert(12)", "[m](blob:https://x/1)", "[n](//evil.example/x)", "[o](/api/sessions)",
];

/** Another site, as far as the browser is concerned: what it is asked, with which referrer. */
async function start_landing() {
  const asked = [];
  const site = createServer((request, response) => {
    if (request.url === "/landing") asked.push(request.headers.referer ?? null);
    response.setHeader("Content-Type", "text/html").end("<title>landed</title>landed");
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  return { url: `http://127.0.0.1:${site.address().port}/landing`, asked, stop: () => site.close() };
}

export async function run({ server, browser: { page, context } }) {
  const landing = await start_landing();
  await ingest_texts(server, k_id, [k_dangerous.join("\n\n"), `See [the good page](${landing.url}) and mail@host.example.`]);
  const bad = await open_at(page, server.origin, k_id, 1);
  assert.deepEqual(await bad.locator(".md a").evaluateAll((links) => links.map((link) => link.outerHTML)), []);
  for (const letter of "abcdefgh") await bad.getByText(letter, { exact: false }).first().waitFor();

  const good = await open_at(page, server.origin, k_id, 2);
  const opened = context.waitForEvent("page");
  await good.getByRole("link", { name: "the good page" }).click();
  const other = await opened;
  await other.waitForLoadState();
  assert.equal(await other.evaluate(() => window.opener), null);
  assert.equal(await other.evaluate(() => document.referrer), "");
  assert.deepEqual(landing.asked, [null]);
  await other.close();
  landing.stop();
}
