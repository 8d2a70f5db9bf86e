import assert from "node:assert/strict";
import { bulk, session_id } from "../support/conversations.mjs";
import { install_recorder, slowness, watch_frames } from "../support/measure.mjs";
import { at_end, counted, live, load_whole, message_row } from "../support/page.mjs";
import { k_key } from "../support/server.mjs";
import { write_aside } from "../support/writers.mjs";

export const name = "a fast stream into a session of ten thousand messages is followed smoothly";
export const alone = true;
export const limit_ms = 120_000;

const k_id = session_id(9);
const k_loaded = 10_000;
// A machine that is busy with other things, before or after, gives no page its frames: there they are only written down.
const k_quiet = { slowness: 1.25, rest_fps: 57 };
const k_held = { per_second: 50, seconds: 8, least_fps: 55, most_p95_ms: 25 };
const k_noted = { per_second: 200, seconds: 4 };

export async function run({ server, note, browser: { page, context } }) {
  await server.upload(bulk(k_id, k_loaded, { status: "ACTIVE" }));
  await install_recorder(context);
  const slow = await slowness(page);
  await page.goto(`${server.origin}/sessions/${k_id}`);
  await message_row(page, k_loaded).waitFor();
  await live(page).waitFor();
  await load_whole(page);
  const rests = async () => (await watch_frames(page, 2_000)).fps;
  const before = await rests();
  let last = k_loaded;
  const follow = async ({ per_second, seconds }) => {
    const writing = write_aside(server.origin, k_key, k_id, per_second, last + 1, last + per_second * seconds);
    await counted(page, last + 10);
    const { fps, p95, long_tasks } = await watch_frames(page, (seconds - 1) * 1000);
    await writing;
    last += per_second * seconds;
    await message_row(page, last).waitFor();
    await at_end(page);
    note(`${per_second}/s: ${fps.toFixed(1)} frames/s, p95 ${p95.toFixed(0)} ms, ${long_tasks.length} long tasks`);
    return { fps, p95, long_tasks };
  };
  const { fps, p95, long_tasks } = await follow(k_held);
  const after = await rests();
  await follow(k_noted);
  note(`${slow.toFixed(1)} times an idle machine's time; ${before.toFixed(1)} and ${after.toFixed(1)} frames/s at rest`);
  if (slow > k_quiet.slowness || Math.min(before, after) < k_quiet.rest_fps) return;
  assert.ok(fps >= k_held.least_fps, `${fps} frames a second at ${k_held.per_second} messages a second`);
  assert.ok(p95 <= k_held.most_p95_ms, `one frame in twenty takes ${p95} ms`);
  // The writer and the server share the machine's cores with the page: one of its tasks may have had to wait.
  assert.ok(long_tasks.length <= 1, `${long_tasks.length} tasks of more than 50 ms: ${long_tasks.map(Math.round)}`);
}
