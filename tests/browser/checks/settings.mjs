import assert from "node:assert/strict";
import { message, session_id, started } from "../support/conversations.mjs";
import { until } from "../support/page.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "settings are kept in the browser, and keys are made and revoked by who holds an admin key";
// A key that was revoked is refused by design.
export const expected_complaints = /Failed to load resource/;

// A winter's night that is the next day in Tokyo.
const k_night = "2026-01-05T20:30:09.000Z";
const k_id = session_id(42);
const k_zone = "Asia/Tokyo";
export const browser_options = { timezoneId: k_zone };

const setting = (page, label) => page.locator(".setting", { hasText: label });

/** The times of the list and of the session, as they are chosen; and the days of the filter are those of the times. */
async function check_times(server, page) {
  await server.ingest("conversation.started", started(k_id), k_night);
  await server.ingest("message.created", message(k_id, 1), k_night);
  const choose = async (choices) => {
    await page.goto(`${server.origin}/settings`);
    for (const [label, value] of Object.entries(choices)) await setting(page, label).locator("select").selectOption(value);
  };
  const shown = async (day, in_list, in_session) => {
    await page.goto(`${server.origin}/sessions?from=${day}&to=${day}`);
    await page.locator(".c-started time").getByText(in_list, { exact: true }).waitFor();
    await take_screenshots(page, "times");
    await page.goto(`${server.origin}/sessions/${k_id}`);
    await page.locator(".row time").getByText(in_session, { exact: true }).waitFor();
  };
  await choose({ "In lists": "absolute" });
  await shown("2026-01-06", "6 Jan 2026, 05:30:09", "05:30:09");
  await choose({ "Time zone": "utc" });
  await shown("2026-01-05", "5 Jan 2026, 20:30:09", "20:30:09");
  await choose({ Clock: "12" });
  await shown("2026-01-05", /^5 Jan 2026, 0?8:30:09\spm$/, /^0?8:30:09\spm$/);
}

export async function run({ server, browser: { page } }) {
  await check_times(server, page);
  await page.goto(`${server.origin}/settings`);
  await page.getByRole("button", { name: "Reset to defaults" }).click();
  await setting(page, "Theme").locator("select").selectOption("dark");
  await setting(page, "Shortcuts of a single key").locator("input").uncheck();
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.equal(await setting(page, "Shortcuts of a single key").locator("input").isChecked(), false);
  await page.locator("h1").press("t");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark", "single keys are off");
  await page.getByRole("button", { name: "Reset to defaults" }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);

  await page.getByRole("link", { name: "sign in", exact: true }).click();
  const admin = server.make_key("read", "admin");
  const known = () => fetch(`${server.origin}/api/keys`, { headers: { Authorization: `Bearer ${admin}` } }).then(({ status }) => status);
  await until(known, (status) => status === 200, "the server knows the new key");
  await page.getByLabel("Key").fill(admin);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel(/^Name/).fill("a workstation");
  await page.getByRole("button", { name: "Make key" }).click();
  const shown = await page.locator(".dialog .recipe").innerText();
  const key = /ap_live_[\w-]+/.exec(shown)[0];
  await page.getByRole("button", { name: "Done" }).click();
  const row = page.locator(".keys-table tr", { hasText: "a workstation" });
  await row.waitFor();
  assert.ok(!(await page.content()).includes(key), "the key is shown once");
  await take_screenshots(page, "settings");

  const use = () => fetch(`${server.origin}/api/ingest`, { method: "POST", headers: { Authorization: `Bearer ${key}` }, body: "{}" }).then(({ status }) => status);
  assert.equal(await use(), 400, "the key is good");
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await row.getByText("Revoked").waitFor();
  await until(use, (status) => status === 401, "the key's end", 3_000);
}
