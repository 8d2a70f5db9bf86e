import assert from "node:assert/strict";
import { message, session_id } from "../support/conversations.mjs";
import { drop_files, session_file, text_file } from "../support/files.mjs";
import { until } from "../support/page.mjs";
import { take_screenshots } from "../support/screenshots.mjs";

export const name = "files are uploaded one by one, each with its own result and its own way on";
// Refused files and a server that is down are answers and errors by design.
export const expected_complaints = /Failed to load resource|ERR_/;

const k_first = session_id(22, 1);
const k_second = session_id(22, 2);
const k_offline = session_id(22, 3);
const k_watched = session_id(22, 4);

const row = (page, name) => page.locator(".upload-row", { hasText: name });
const state_of = (page, name) => row(page, name).getAttribute("data-upload");
const settled = (page, name) => until(() => state_of(page, name), (state) => !["pending", "checking", "uploading"].includes(state), name, 20_000);

export async function run({ server, note, browser: { page } }) {
  const { limits } = await server.get("/api/health");
  await server.upload(JSON.parse(session_file("x", k_second).buffer.toString()));
  await page.goto(`${server.origin}/upload`);
  await page.getByText("each up to").waitFor();
  await take_screenshots(page, "upload-empty");

  await drop_files(page, ".drop-button", [
    session_file("good.json", k_first),
    session_file("duplicate.json", k_second),
    text_file("broken.json", '{"conversation": {\n"name": "x",\n"mode": }\n}'),
    text_file("empty.json", ""),
    text_file("unknown.log", "Nothing that a reader knows.\n"),
  ]);
  // Too big to be handed over by the drop: chosen instead.
  await page.locator('input[type="file"]').evaluate((input, size) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(size)], "big.json"));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, limits.upload_bytes + 1);

  for (const name of ["good.json", "duplicate.json", "broken.json", "empty.json", "unknown.log", "big.json"]) note(`${name}: ${await settled(page, name)}`);
  assert.equal(await state_of(page, "good.json"), "stored");
  assert.equal(await state_of(page, "duplicate.json"), "duplicate");
  assert.match(await row(page, "broken.json").innerText(), /Failed[\s\S]*Line 3/);
  assert.match(await row(page, "empty.json").innerText(), /The file is empty/);
  assert.match(await row(page, "unknown.log").innerText(), /Failed(?![\s\S]*Line 0)/);
  assert.match(await row(page, "big.json").innerText(), /at most/);
  assert.equal((await server.get(`/api/sessions/${k_first}`)).totalMessages, 3);
  assert.equal((await server.get("/api/sessions")).pagination.total, 2);
  await take_screenshots(page, "upload");

  await row(page, "duplicate.json").getByRole("button", { name: /^Keep both/ }).click();
  await until(() => state_of(page, "duplicate.json"), (state) => state === "stored", "keep both");
  assert.equal((await server.get("/api/sessions")).pagination.total, 3);

  await drop_files(page, ".drop-button", [session_file("again.json", k_second)]);
  await settled(page, "again.json");
  await row(page, "again.json").getByRole("button", { name: /^Replace/ }).click();
  await until(() => row(page, "again.json").innerText(), (text) => text.includes("replaced"), "replace");
  assert.equal((await server.get("/api/sessions")).pagination.total, 3);

  // Who watches a session that is replaced goes on with the new one, without what was in the old one only.
  await server.ingest("message.created", message(k_watched, 9));
  const watching = await page.context().newPage();
  await watching.goto(`${server.origin}/sessions/${k_watched}`);
  await watching.locator("#m-9").waitFor();
  await watching.locator('[data-stream="live"]').waitFor();
  await page.getByLabel("Sessions that are here already").selectOption("replace");
  await drop_files(page, ".drop-button", [session_file("watched.json", k_watched)]);
  await until(() => row(page, "watched.json").innerText(), (text) => text.includes("replaced"), "replace at once");
  await watching.locator("#m-9").waitFor({ state: "detached" });
  await watching.locator("#m-1").waitFor();
  await watching.close();

  // The server goes away: the file waits for its second try.
  await server.kill();
  await page.locator('input[type="file"]').setInputFiles([session_file("later.json", k_offline)]);
  await until(() => state_of(page, "later.json"), (state) => state === "failed", "the server is down");
  await server.start();
  // With the keyboard alone.
  await row(page, "later.json").getByRole("button", { name: /^Retry/ }).focus();
  await page.keyboard.press("Enter");
  await until(() => state_of(page, "later.json"), (state) => state === "stored", "the second try");
  assert.equal((await server.get(`/api/sessions/${k_offline}`)).totalMessages, 3);

  await row(page, "good.json").getByRole("link").first().click();
  await page.locator("h1", { hasText: "A long session" }).waitFor();
}
