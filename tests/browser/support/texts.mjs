import { message, started } from "./conversations.mjs";
import { message_row } from "./page.mjs";

/** A finished-looking session whose messages are these texts. */
export async function ingest_texts(server, id, texts, extra = {}) {
  await server.ingest("conversation.started", started(id, extra));
  for (const [i, text] of texts.entries()) await server.ingest("message.created", message(id, i + 1, text));
}

/** Opens the session at a message and waits until its text is drawn; the row. */
export async function open_at(page, origin, id, sequence) {
  await page.goto("about:blank");
  await page.goto(`${origin}/sessions/${id}#m-${sequence}`);
  const row = message_row(page, sequence);
  await row.locator(".md, .plain").first().waitFor();
  return row;
}

/** By how much the page is wider than the window. */
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
