import assert from "node:assert/strict";
import { bulk, session_id } from "../support/conversations.mjs";

export const name = "a session lists its subagents, and they lead back to it";

const k_parent = session_id(26);
const k_child = session_id(26, 1);

export async function run({ server, browser: { page } }) {
  await server.upload(bulk(k_parent, 4, { name: "The whole" }));
  await server.upload(bulk(k_child, 3, { name: "A part", parentConversationId: k_parent }));
  await page.goto(`${server.origin}/sessions/${k_parent}?panel=overview`);
  const child = page.getByRole("link", { name: "A part" });
  await child.waitFor();
  assert.match(await child.locator("xpath=..").innerText(), /A part 3 messages/);
  await child.click();
  await page.getByRole("heading", { level: 1, name: "A part" }).waitFor();
  await page.getByRole("link", { name: "the session that started it" }).click();
  await page.getByRole("heading", { level: 1, name: "The whole" }).waitFor();
}
