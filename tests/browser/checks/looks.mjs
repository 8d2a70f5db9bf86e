import assert from "node:assert/strict";
import { fill, k_finished } from "../support/archive.mjs";
import { message_row } from "../support/page.mjs";

export const name = "pages are dark from the first frame, still when asked, and legible in forced colours and in print";
// The page is kept from its main script by design.
export const expected_complaints = /Failed to load resource|ERR_FAILED/;

const animations = (page) => page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length);

/** The ground's colour at the first paint, before any script but the theme's has run. */
async function first_ground(page, address) {
  await page.goto("about:blank");
  await page.route(/\/assets\/main-/, (route) => route.abort());
  await page.goto(address, { waitUntil: "domcontentloaded" });
  const [r, g, b] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
  await page.unroute(/\/assets\/main-/);
  return (r + g + b) / 3;
}

async function check_themes(page, origin) {
  await page.emulateMedia({ colorScheme: "dark" });
  assert.ok((await first_ground(page, `${origin}/sessions`)) < 60, "dark as the system");
  await page.emulateMedia({ colorScheme: "light" });
  await page.evaluate(() => localStorage.setItem("agentpipe.theme", "dark"));
  assert.ok((await first_ground(page, `${origin}/sessions`)) < 60, "dark as chosen");
  await page.evaluate(() => localStorage.removeItem("agentpipe.theme"));
  assert.ok((await first_ground(page, `${origin}/sessions`)) > 200, "light as the system");
}

async function check_motion(page, origin) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${origin}/sessions`);
  await page.locator('[data-stream="live"]').waitFor();
  assert.equal(await animations(page), 0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.ok((await animations(page)) > 0, "the check sees motion where there is some");
}

async function check_forced_colours(page, origin) {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto(`${origin}/sessions/${k_finished}`);
  await message_row(page, 1).waitFor();
  const bordered = await page.locator(".mark").first().evaluate((mark) => getComputedStyle(mark).borderTopStyle);
  assert.equal(bordered, "solid", "what a ground alone shows has an edge");
  await page.emulateMedia({ forcedColors: "none" });
}

/** On paper every message stands, and nothing that is only for a screen. */
async function check_print(page, origin) {
  await page.goto(`${origin}/sessions/${k_finished}?view=plain`);
  await page.locator(".plain-view[aria-busy=false]").waitFor();
  await page.emulateMedia({ media: "print" });
  for (const gone of [".bar", ".session-actions", ".plain-tools"]) assert.ok(!(await page.locator(gone).first().isVisible()), `${gone} is not printed`);
  const { shown, whole } = await page.evaluate(() => ({ shown: document.querySelector(".plain-view").clientHeight, whole: document.querySelector(".plain-view").scrollHeight }));
  assert.ok(shown >= whole, "nothing is cut off at the edge of a scroller");
  const pdf = await page.pdf();
  assert.ok((pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length >= 2, "all of it is printed, over several pages");
  await page.emulateMedia({ media: null });
}

export async function run({ server, browser: { page } }) {
  await fill(server);
  await check_themes(page, server.origin);
  await check_motion(page, server.origin);
  await check_forced_colours(page, server.origin);
  await check_print(page, server.origin);
}
