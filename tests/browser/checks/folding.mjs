import assert from "node:assert/strict";
import { bulk, session_id } from "../support/conversations.mjs";
import { k_scroller, message_row, until } from "../support/page.mjs";

export const name = "tool calls, thinking, code and tables are folded, open by keyboard, and stay as the reader left them";

const k_id = session_id(17);
const k_messages = 150;
const k_lines = 75;
const k_rows = 260;
const k_code = "```python\n" + Array.from({ length: k_lines }, (_, i) => `line_${i} = ${i}`).join("\n") + "\n```";
const k_table = "| n | square |\n|---|---|\n" + Array.from({ length: k_rows }, (_, i) => `| ${i} | ${i * i} |`).join("\n");
const k_parts = [
  { type: "thinking", text: "Where could the file be?" },
  { type: "text", text: "I look." },
  { type: "tool_call", call_id: "c1", name: "find", input: { path: "src" } },
  { type: "tool_result", call_id: "c1", output: "src/a.cpp\nsrc/b.cpp" },
];

async function fill(server) {
  const document = bulk(k_id, k_messages);
  document.messages[1].parts = k_parts;
  document.messages[2].content = k_code;
  document.messages[3].content = k_table;
  await server.upload(document);
}

const folds = (page) => message_row(page, 2).locator("[data-fold]");
const states = (page) => folds(page).evaluateAll((heads) => heads.map((head) => head.getAttribute("aria-expanded")));

async function there_and_back(page) {
  // A row that holds the focus is never taken away.
  await page.evaluate(() => document.activeElement.blur());
  await page.locator(k_scroller).hover();
  await until(async () => (await page.mouse.wheel(0, 100_000), message_row(page, 2).count()), (count) => count === 0, "away");
  await until(async () => (await page.mouse.wheel(0, -100_000), message_row(page, 2).count()), (count) => count === 1, "back");
}

/** Opens all of a message that was cut for its length. */
async function show_all(page, sequence) {
  const cut = message_row(page, sequence).getByRole("button", { name: /^Show all \(/ });
  if ((await cut.count()) > 0) await cut.press("Enter");
}

export async function run({ server, browser: { page } }) {
  await fill(server);
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await message_row(page, 2).waitFor();
  assert.deepEqual(await states(page), ["false", "false"]);
  assert.ok(!(await message_row(page, 2).innerText()).includes("src/b.cpp"), "the result is folded away");
  await folds(page).nth(1).press("Enter");
  await message_row(page, 2).getByText("src/b.cpp").waitFor();
  await there_and_back(page);
  assert.deepEqual(await states(page), ["false", "true"], "what was opened is open after scrolling away and back");

  // Code: cut with its message, then folded by itself.
  await show_all(page, 3);
  const code = message_row(page, 3).locator(".code");
  const height = () => code.locator("pre").evaluate((element) => element.clientHeight);
  const folded = await height();
  await code.getByRole("button", { name: `Show all ${k_lines} lines` }).press("Enter");
  await until(height, (now) => now > folded, "the code is unfolded");
  await code.getByRole("button", { name: "Wrap long lines" }).press("Enter");
  assert.equal(await code.locator("pre").evaluate((element) => getComputedStyle(element).whiteSpace), "pre-wrap");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await code.getByRole("button", { name: "Copy the code" }).press("Enter");
  const copied = await until(() => page.evaluate(() => navigator.clipboard.readText()), (text) => text !== "", "copied");
  assert.equal(copied.trim().split("\n").length, k_lines);

  await show_all(page, 4);
  const rows = () => message_row(page, 4).locator("tbody tr").evaluateAll((all) => all.filter((row) => row.offsetHeight > 0).length);
  assert.ok((await rows()) < k_rows, "a long table is folded");
  await message_row(page, 4).getByRole("button", { name: `Show all ${k_rows} rows` }).press("Enter");
  await until(rows, (shown) => shown === k_rows, "rows");
  await there_and_back(page);
  await message_row(page, 3).locator(".code.wrap:not(.folded)").waitFor();

  // The other default, from the settings.
  await page.goto(`${server.origin}/settings`);
  for (const label of ["Fold tool calls", "Fold thinking"]) await page.getByLabel(label).uncheck();
  await page.getByLabel("Wrap long lines of code").check();
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await message_row(page, 2).waitFor();
  assert.deepEqual(await states(page), ["true", "true"]);
  await message_row(page, 2).locator(".fold-head").first().press("o");
  assert.deepEqual(await states(page), ["false", "true"], "o folds");
  await show_all(page, 3);
  assert.equal(await message_row(page, 3).locator("pre").evaluate((element) => getComputedStyle(element).whiteSpace), "pre-wrap");
}
