import assert from "node:assert/strict";
import { session_id } from "../support/conversations.mjs";
import { install_recorder, slowness } from "../support/measure.mjs";
import { message_row } from "../support/page.mjs";
import { ingest_texts, open_at, sideways } from "../support/texts.mjs";

export const name = "huge messages are cut, opened on request, and never make the page scroll sideways";
export const alone = true;

// What a message may add to the longest task of opening a session, on an idle machine.
const k_task_ms = 100;
const k_cut_px = 900;
const row_of = (cells) => `| ${cells.join(" | ")} |`;
const columns = Array.from({ length: 100 }, (_, i) => `column ${i}`);
const k_texts = {
  "a short message": "Nothing to see here.",
  "a word of 1 MB": "W".repeat(1_000_000),
  "code of 5,000 lines": `\`\`\`js\n${Array.from({ length: 5_000 }, (_, i) => `const value_${i} = compute(${i}, "text");`).join("\n")}\n\`\`\``,
  "a table of 100 columns": [row_of(columns), row_of(columns.map(() => "---")), ...Array.from({ length: 20 }, () => row_of(columns))].join("\n"),
  "prose of 250 kB": `${"Words and words in one endless paragraph. ".repeat(6_000)}\n\nThe last line of all.`,
};

/** Opens the session of one message; its longest task. */
async function open(page, origin, id) {
  const row = await open_at(page, origin, id, 1);
  await page.waitForTimeout(400);
  const longest = await page.evaluate(() => Math.max(0, ...window.record.long_tasks.map((task) => task.ms)));
  return { longest, height: (await row.boundingBox()).height };
}

export async function run({ server, note, browser: { page, context } }) {
  await install_recorder(context);
  const names = Object.keys(k_texts);
  for (const [i, name] of names.entries()) await ingest_texts(server, session_id(15, i), [k_texts[name]]);
  const slow = await slowness(page);
  const plain = await open(page, server.origin, session_id(15, 0));
  note(`${slow.toFixed(1)} times an idle machine's time; ${names[0]}: longest task ${Math.round(plain.longest)} ms`);

  for (const [i, name] of names.entries()) {
    if (i === 0) continue;
    const { longest, height } = await open(page, server.origin, session_id(15, i));
    note(`${name}: longest task ${Math.round(longest)} ms`);
    assert.ok((await sideways(page)) <= 0, `${name} makes the page too wide`);
    assert.ok(height <= k_cut_px, `${name} is ${height} px high`);
    assert.ok(longest <= plain.longest + k_task_ms * slow, `${name}: a task of ${longest} ms`);
  }

  const last = message_row(page, 1);
  for (let tries = 0; tries < 30 && !(await last.getByText("The last line of all.").isVisible()); tries++) {
    await last.getByRole("button", { name: /Show (all|more|next)/ }).first().click();
    await page.waitForTimeout(50);
  }
  await last.getByText("The last line of all.").waitFor();
  assert.ok((await sideways(page)) <= 0);
}
