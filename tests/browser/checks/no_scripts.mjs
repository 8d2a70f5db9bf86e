import assert from "node:assert/strict";
import { bulk, session_id } from "../support/conversations.mjs";
import { open_browser } from "../support/browser.mjs";

export const name = "with scripts off the list and a whole session are there to read";

const k_id = session_id(25);

export async function run({ server }) {
  await server.upload(bulk(k_id, 300, { text: (n) => `Message ${n} <b>of many</b>` }));
  const browser = await open_browser(server.origin, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  try {
    const { page } = browser;
    await page.goto(`${server.origin}/sessions/${k_id}`);
    await page.waitForURL(`${server.origin}/plain/sessions/${k_id}`);
    await page.getByText("Message 300 <b>of many</b>").waitFor();
    assert.equal(await page.locator("article").filter({ hasText: "of many" }).count(), 300);

    await page.goto(`${server.origin}/`);
    await page.waitForURL(`${server.origin}/plain/sessions`);
    await page.locator("table a").first().click();
    await page.waitForURL(`${server.origin}/plain/sessions/${k_id}`);
    assert.deepEqual(browser.complaints, []);
  } finally {
    await browser.close();
  }
}
