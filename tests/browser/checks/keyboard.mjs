import assert from "node:assert/strict";
import { bulk, message, session_id } from "../support/conversations.mjs";
import { at_pace, live, message_row, until } from "../support/page.mjs";

export const name = "everything is done by keyboard, the focus is always seen, and news is said sparingly";
export const limit_ms = 120_000;

const k_id = session_id(24);
const k_other = session_id(24, 2);
const k_stored = 40;
const k_tabs = 30;
const k_listened_ms = 8_000;
const k_least_pause_ms = 4_500;

const focus = (page) => page.evaluate(() => document.activeElement.closest("a, button, input, select, [tabindex], h1")?.textContent?.trim() || document.activeElement.getAttribute("aria-label"));
const theme = (page) => page.evaluate(() => document.documentElement.dataset.theme);

/** What has the focus without showing it, or below something that covers it. */
const hidden_focus = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    const name = `${element.tagName}.${element.className} "${(element.textContent || element.getAttribute("aria-label") || "").trim().slice(0, 30)}"`;
    const rings = [element, ...element.querySelectorAll("*")].map((part) => [getComputedStyle(part), getComputedStyle(part, "::after")]).flat();
    if (!rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)) return `${name} has no ring`;
    const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 10)];
    const on_top = document.elementFromPoint(Math.max(1, x), Math.max(1, y));
    return on_top && (element.contains(on_top) || on_top.contains(element)) ? null : `${name} is covered by ${on_top?.tagName}.${on_top?.className}`;
  });

/** Goes through a page by Tab; what is wrong with the focus on the way. */
async function tab_through(page, what) {
  const faults = [];
  for (let i = 0; i < k_tabs; i++) {
    await page.keyboard.press("Tab");
    const fault = await hidden_focus(page);
    if (fault) faults.push(`${what}: ${fault}`);
  }
  return faults;
}

async function list_tasks(page, origin) {
  await page.goto(`${origin}/sessions`);
  await page.locator(`tbody [data-session="${k_id}"], [data-session="${k_id}"]`).first().waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await focus(page), "Skip to content");
  const faults = await tab_through(page, "list");
  // Filter by text, then by status.
  await page.keyboard.press("Escape");
  await page.locator("h1").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("second t");
  assert.equal(await theme(page), undefined, "letters in a field are text");
  await until(() => page.locator("tbody [data-session]").count(), (rows) => rows === 1, "filtered");
  await page.keyboard.press("Escape");
  await page.locator("h1").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.locator("h1", { hasText: "Dashboard" }).waitFor();
  assert.equal(await focus(page), "Dashboard", "the focus goes to the heading of the new page");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.locator("tbody [data-session]").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.locator(".session-head").waitFor();
  return faults;
}

async function session_tasks(page, origin) {
  await page.goto(`${origin}/sessions/${k_id}`);
  await message_row(page, k_stored).waitFor();
  await live(page).waitFor();
  await page.locator("h1").focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Paused · Resume" }).waitFor();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Following" }).waitFor();
  const faults = await tab_through(page, "session");
  await page.keyboard.press("f");
  await page.keyboard.type("Message 7.");
  await page.locator(".find-tally", { hasText: "1 of 1" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main", "closing gives the focus to the transcript");
  await page.keyboard.press("Home");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await until(() => page.evaluate(() => document.activeElement.id), (id) => /^m-\d+$/.test(id), "a message has the focus");
  await page.keyboard.press("t");
  assert.notEqual(await theme(page), undefined, "t changes the theme");

  // What is typed while the palette is still on its way is not lost, and moves nothing else.
  const before = await theme(page);
  await page.route("**/assets/palette-*.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("export");
  await page.locator(".palette-input").waitFor();
  assert.equal(await theme(page), before);
  await page.locator('.palette-list [aria-selected="true"]', { hasText: "Export" }).waitFor();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Export this session" });
  await dialog.waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  assert.ok(await dialog.getByRole("radio", { name: /^JSONL/ }).isChecked(), "arrows choose the format");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  return faults;
}

async function without_shortcuts(page, origin) {
  await page.goto(`${origin}/settings`);
  await page.getByLabel("Shortcuts of a single key").focus();
  await page.keyboard.press("Space");
  const before = await theme(page);
  await page.locator("h1").press("t");
  await page.locator("h1").press("?");
  assert.equal(await theme(page), before, "switched off, t is nothing");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
}

/** What is said while messages stream in. */
async function listen(page, server, note) {
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await message_row(page, k_stored).waitFor();
  await live(page).waitFor();
  assert.equal(await page.locator(".scroller").evaluate((box) => box.closest("[aria-live]") ?? box.querySelector("[aria-live]")), null, "the transcript is silent");
  await page.evaluate(() => {
    const region = [...document.querySelectorAll('p[role="status"]')].at(-1);
    window.said = [];
    new MutationObserver(() => window.said.push([performance.now(), region.textContent])).observe(region, { childList: true, characterData: true, subtree: true });
  });
  const from = k_stored + 1;
  await at_pace(50, from, from + k_listened_ms / 20, (n) => server.ingest("message.created", message(k_id, n)));
  const said = await page.evaluate(() => window.said);
  for (const [, text] of said) note(`said: ${text}`);
  assert.ok(said.length >= 1 && said.every(([, text]) => /^\d+ new messages? from /.test(text)), "what came is said");
  const pauses = said.slice(1).map(([at], i) => at - said[i][0]);
  assert.ok(pauses.every((pause) => pause >= k_least_pause_ms), `said again after ${pauses.map(Math.round)} ms`);
}

export async function run({ server, note, browser: { page } }) {
  await server.upload(bulk(k_id, k_stored, { status: "ACTIVE" }));
  await server.upload(bulk(k_other, 3, { name: "The second thing" }));
  const faults = [...(await list_tasks(page, server.origin)), ...(await session_tasks(page, server.origin))];
  assert.deepEqual([...new Set(faults)], []);
  await without_shortcuts(page, server.origin);
  await listen(page, server, note);
}
