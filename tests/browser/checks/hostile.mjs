import assert from "node:assert/strict";
import { message, started } from "../support/conversations.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "hostile content stays text";

const k_id = "7d1f0c52-0000-4000-8000-0000000000ff";
const k_foreign = "https://evil.example/x";

const k_texts = [
  "<script>window.owned = 1</script> and <ScRiPt src=//evil.example/x.js></ScRiPt>",
  "<img src=x onerror=\"window.owned = 2\"> <svg onload=alert(1)> <svg><script>alert(2)</script></svg>",
  "<iframe srcdoc=\"<script>parent.owned = 3</script>\"></iframe><object data=x></object><embed src=x>",
  "<style>body { background: url(https://evil.example/x) }</style><link rel=stylesheet href=https://evil.example/x><meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
  "<form action=https://evil.example/x><input name=a autofocus onfocus=alert(3)><button>send</button></form><base href=https://evil.example/>",
  "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(4)&gt;\">",
  "<noscript><p title=\"</noscript><img src=x onerror=alert(5)>\">",
  "[a](javascript:window.owned=4) [b](JaVaScRiPt:alert(6)) [c](&#106;avascript:alert(7)) [d](java\tscript:alert(8)) [e](data:text/html,<script>alert(9)</script>) [f](vbscript:x) [g](file:///etc/passwd) <javascript:alert(10)>",
  `![pixel](${k_foreign}) ![](data:image/svg+xml;base64,PHN2Zy8+) ![x](${k_foreign} "a\\" onerror=alert(11)")`,
  "[https://bank.example/login](https://evil.example/login) and a plain link https://good.example/page",
  "invoice\u202Efdp.exe and `code\u2066x\u2069` and a NUL\u0000 and an escape \u001b[31mred",
  "مرحبا بالعالم، هذه فقرة عربية.\n\nAn English paragraph follows.",
  `${"W".repeat(90_000)}`,
  "| a | b |\n|---|---|\n| <img src=x onerror=alert(12)> | `<script>alert(13)</script>` |\n\n```html\n<script>alert(14)</script>\n```\n\n```\"><img src=x onerror=alert(15)>\nx\n```",
  "# Heading one\n\n- [x] done\n- [ ] open\n\n<a onclick=alert(16) href=\"javascript:alert(17)\">raw</a>",
  Array.from({ length: 400 }, (_, i) => `line ${i}`).join("\n"),
];

const k_forbidden = "script, img, svg, iframe, object, embed, style, link, meta, form, input, math, base, h1, h2";
const k_participants = [{ agent_id: "x-0", agent_type: "<img src=x onerror=alert(18)>", name: "\u202Eedualc<script>alert(19)</script>", model: "<b>m</b>" }];

export async function run({ server, browser: { page } }) {
  await server.ingest("conversation.started", started(k_id, { name: "<script>alert(20)</script>\u202Egnp.exe", initial_prompt: k_texts[1], participants: k_participants }));
  for (const [i, text] of k_texts.entries()) {
    await server.ingest("message.created", { ...message(k_id, i + 1, text), agent_id: "x-0", agent_type: k_participants[0].agent_type, agent_name: k_participants[0].name });
  }
  await server.ingest("log.entry", { conversation_id: k_id, level: "system", role: "system", content: k_texts[0] });
  await server.ingest("conversation.error", { conversation_id: k_id, error_message: k_texts[1], agent_type: "claude" });

  await page.goto(`${server.origin}/sessions`);
  await page.locator(`[data-session="${k_id}"]`).waitFor();
  assert.ok((await page.locator("[data-session] .row-link").innerText()).includes("⟦RLO⟧"), "the name's override is visible");

  for (const n of k_texts.keys()) {
    await page.goto(`${server.origin}/sessions/${k_id}#m-${n + 1}`);
    const row = page.locator(`#m-${n + 1}`);
    await row.locator(".md, .plain").first().waitFor();
    assert.deepEqual(await page.locator(".rows").evaluate((rows, selector) => [...rows.querySelectorAll(selector)].filter((e) => !e.matches("svg.icon")).map((e) => e.outerHTML.slice(0, 80)), k_forbidden), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `message ${n + 1} makes the page ${wide} px too wide`);
    const handlers = await row.evaluate((root) => [...root.querySelectorAll("*")].flatMap((e) => [...e.attributes]).filter((a) => /^on|^style$/.test(a.name)).map((a) => a.name));
    assert.deepEqual(handlers, []);
    const hrefs = await row.locator(".md a").evaluateAll((links) => links.map((link) => [link.protocol, link.rel]));
    for (const [protocol, rel] of hrefs) {
      assert.match(protocol, /^(https?|mailto):$/);
      assert.equal(rel, "noopener noreferrer nofollow");
    }
    if (n === 7) assert.deepEqual(hrefs, [], "no link of a dangerous scheme");
    if (n === 8) assert.equal(await row.locator(".chip").count(), 3);
    if (n === 9) assert.ok((await row.innerText()).includes("(evil.example)"), "the true host is shown");
    if (n === 10) assert.match(await row.innerText(), /⟦RLO⟧[\s\S]*⟦LRI⟧[\s\S]*[␀\ufffd][\s\S]*␛/);
    if (n === 15) {
      await row.getByRole("button", { name: /Show all/ }).click();
      await row.getByText("line 399").waitFor();
    }
    if (n === 9) await take_screenshots(page, "hostile");
  }
  assert.equal(await page.evaluate(() => window.owned), undefined);
}
