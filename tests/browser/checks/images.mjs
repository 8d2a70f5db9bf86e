import assert from "node:assert/strict";
import { session_id } from "../support/conversations.mjs";
import { ingest_texts, open_at } from "../support/texts.mjs";
import { png } from "../support/png.mjs";

export const name = "images are drawn on request only, never from elsewhere, and never larger than the page bears";

const k_id = session_id(13);
const data_image = (width, height) => `data:image/png;base64,${png(width, height).toString("base64")}`;
const k_remote = [
  "![pixel](https://evil.example/pixel.png)", "<img src=\"https://evil.example/html.png\">", "![p][r]\n\n[r]: https://evil.example/ref.png",
  "<div style=\"background:url(https://evil.example/css.png)\">x</div>", "![](//evil.example/scheme.png)", "![s](data:image/svg+xml;base64,PHN2Zy8+)",
];

export async function run({ server, browser: { page } }) {
  await ingest_texts(server, k_id, [k_remote.join("\n\n"), `![a normal one](${data_image(900, 700)})`, `![a monster](${data_image(20_000, 20_000)})`]);

  // A request to another host would be a complaint.
  const remote = await open_at(page, server.origin, k_id, 1);
  assert.equal(await remote.locator(".md img").count(), 0);
  assert.ok((await remote.locator(".chip").count()) >= 4);
  await remote.getByText("pixel (evil.example)").waitFor();

  const normal = await open_at(page, server.origin, k_id, 2);
  assert.equal(await normal.locator("img").count(), 0);
  await normal.getByRole("button", { name: /a normal one .*show/ }).click();
  const image = normal.locator("img");
  await image.waitFor();
  const box = await image.boundingBox();
  assert.ok(box.height > 100 && box.height <= 480, `${box.height} px high`);
  assert.ok(Math.abs(box.width / box.height - 900 / 700) < 0.02, "its shape is kept");

  const monster = await open_at(page, server.origin, k_id, 3);
  await monster.getByRole("button", { name: /Show all/ }).click();
  await monster.getByRole("button", { name: /a monster .*show/ }).click();
  await monster.getByText("too large to show").waitFor({ timeout: 20_000 });
  assert.equal(await monster.locator("img").count(), 0);
}
