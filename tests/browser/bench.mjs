// Measures the pages and prints the figures as a table: node bench.mjs
//
//   AGENTPIPE_BIN  the agentpipe-bridge binary (required); a release build, for the figures of a release
//   CHROMIUM       the browser; default /usr/bin/chromium
//
// Figures of a loaded machine say little: the last line tells how much slower than an idle one it was.
import { gzipSync } from "node:zlib";
import { open_browser } from "./support/browser.mjs";
import { bulk, message, session_id } from "./support/conversations.mjs";
import { heap_after_collection, install_recorder, median, median_paint, node_count, percentile, slowness, watch_frames } from "./support/measure.mjs";
import { counted, live, load_whole, message_row } from "./support/page.mjs";
import { k_key, start_server } from "./support/server.mjs";
import { write_aside } from "./support/writers.mjs";

const k_long = 10_000;
const k_paints = 9;
const rows = [];
const report = (figure, limit, value) => rows.push({ figure, limit, value });
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

if (!process.env.AGENTPIPE_BIN) {
  console.error("AGENTPIPE_BIN must be the path of the agentpipe-bridge binary.");
  process.exit(2);
}

/** What a page loads, in gzip bytes by the kind of file. */
async function transferred(page, address, ready) {
  const sizes = { js: 0, css: 0 };
  const waiting = [];
  const take = async (response) => {
    const kind = /\.(js|css)$/.exec(new URL(response.url()).pathname)?.[1];
    if (!kind) return;
    const body = await response.body();
    sizes[kind] += gzipSync(body, { level: 9 }).length;
  };
  const on_response = (response) => waiting.push(take(response));
  page.on("response", on_response);
  await page.goto(address);
  await ready();
  await Promise.all(waiting);
  page.off("response", on_response);
  return sizes;
}

/** From the start of a load until the first message is drawn. */
async function first_message(page, address) {
  await page.goto("about:blank");
  await page.goto(address, { waitUntil: "commit" });
  return page.evaluate(async () => {
    while (!document.querySelector('[data-row="message"] .md')) await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now();
  });
}

async function scroll_through(page) {
  return page.locator(".scroller").evaluate(async (box) => {
    const gaps = [];
    let last = performance.now();
    for (let i = 0; i < 240; i++) {
      box.scrollTop -= 300;
      const at = await new Promise((resolve) => requestAnimationFrame(resolve));
      gaps.push(at - last);
      last = at;
    }
    return gaps.slice(5);
  });
}

/** From an event's acceptance by the server until the page's handlers have drawn it. */
async function event_times(server, page, id, first, count) {
  const times = [];
  for (let n = first; n < first + count; n++) {
    const seen = message_row(page, n).waitFor({ state: "attached" });
    const start = performance.now();
    await server.ingest("message.created", message(id, n));
    await seen;
    times.push(performance.now() - start);
  }
  return times;
}

const server = await start_server();
const browser = await open_browser(server.origin);
const { page, context } = browser;
const lag = await slowness(page);
await install_recorder(context);

const shell = await transferred(page, `${server.origin}/sessions`, () => live(page).waitFor());
report("initial JavaScript, gzip", "70 kB", kb(shell.js));
report("style sheets, gzip", "12 kB", kb(shell.css));
report("first paint, median of 9", "250 ms", ms(await median_paint(page, `${server.origin}/sessions`, k_paints)));

const [short, long, live_one] = [1, 2, 3].map((n) => session_id(90, n));
await server.upload(bulk(short, 200));
await server.upload(bulk(long, k_long));
await server.upload(bulk(live_one, k_long, { status: "ACTIVE" }));
report("first message, session of 200", "700 ms", ms(median([await first_message(page, `${server.origin}/sessions/${short}`), await first_message(page, `${server.origin}/sessions/${short}`), await first_message(page, `${server.origin}/sessions/${short}`)])));
report("first message, session of 10,000", "1000 ms", ms(await first_message(page, `${server.origin}/sessions/${long}`)));

await page.goto("about:blank");
await page.goto(`${server.origin}/sessions/${live_one}`);
await message_row(page, k_long).waitFor();
await live(page).waitFor();
await load_whole(page);
report("heap with 10,000 messages loaded", "30 MB", `${((await heap_after_collection(page)) / 1e6).toFixed(1)} MB`);
report("nodes with 10,000 messages loaded", "3000", String(await node_count(page)));

let last = k_long;
for (const [per_second, seconds, limit] of [[50, 8, "≥ 55 fps, p95 ≤ 25 ms, 0 long"], [200, 4, "≥ 50 fps"]]) {
  const writing = write_aside(server.origin, k_key, live_one, per_second, last + 1, last + per_second * seconds);
  await counted(page, last + 10);
  const seen = await watch_frames(page, (seconds - 1) * 1000);
  await writing;
  last += per_second * seconds;
  await message_row(page, last).waitFor();
  report(`following ${per_second}/s with 10,000 loaded`, limit, `${seen.fps.toFixed(1)} fps, p95 ${ms(seen.p95)}, ${seen.long_tasks.length} long`);
}
const times = await event_times(server, page, live_one, last + 1, 40);
report("event posted to drawn, p95", "50 ms", ms(percentile(times, 0.95)));
const gaps = await scroll_through(page);
report("scrolling 300 px a frame, p95", "30 ms", ms(percentile(gaps, 0.95)));
report("layout shift of the session page", "< 0.02", (await page.evaluate(() => window.record.shift)).toFixed(4));

const width = Math.max(...rows.map(({ figure }) => figure.length));
const middle = Math.max(...rows.map(({ limit }) => limit.length));
for (const { figure, limit, value } of rows) console.log(`${figure.padEnd(width)}  ${limit.padEnd(middle)}  ${value}`);
console.log(`the machine took ${lag.toFixed(1)} times as long as an idle one`);
await browser.close();
await server.stop();
