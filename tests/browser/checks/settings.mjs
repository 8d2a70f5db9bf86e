import assert from "node:assert/strict";
import { until } from "../support/page.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "settings are kept in the browser, and keys are made and revoked by who holds an admin key";
// A key that was revoked is refused by design.
export const expected_complaints = /Failed to load resource/;

const setting = (page, label) => page.locator(".setting", { hasText: label });

export async function run({ server, browser: { page } }) {
  await page.goto(`${server.origin}/settings`);
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
