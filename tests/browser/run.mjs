// Runs the browser checks: node run.mjs [PART-OF-A-NAME]
//
//   AGENTPIPE_BIN   the agentpipe-bridge binary (required)
//   AGENTPIPE_SOAK  1: also the checks that take minutes
//   CHROMIUM        the browser; default /usr/bin/chromium
//   SCREENSHOT_DIR  where to put pictures of the pages; none are taken without it
//
// Each check is a file in checks/ with `name` and `run({ server, browser, proxy, note })`; it gets a server and a
// browser of its own. Two run at a time; those that measure (`alone`) come last, one by one. Further exports:
//   behind_proxy         the browser reaches the server through a proxy that the check can cut and freeze
//   browser_options      for Playwright's context
//   server_settings      further flags of `web serve`
//   expected_complaints  what the browser may say without failing the check
//   limit_ms             how long the check may take
//   slow                 only with AGENTPIPE_SOAK
import { readdir } from "node:fs/promises";
import { open_browser } from "./support/browser.mjs";
import { start_proxy } from "./support/proxy.mjs";
import { start_server } from "./support/server.mjs";

const k_check_ms = 60_000;
const k_at_a_time = 2;

function within(ms, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Opens what is asked for, one after the other; closes in the opposite order, whatever happens. */
async function with_resources(openers, use) {
  const [open, ...rest] = openers;
  if (!open) return use();
  const close = await open();
  try {
    return await with_resources(rest, use);
  } finally {
    await close();
  }
}

async function run_check(check, notes) {
  const scene = { note: (text) => notes.push(text) };
  const openers = [
    async () => {
      scene.server = await start_server({ settings: check.server_settings });
      return () => scene.server.stop();
    },
    async () => {
      scene.proxy = check.behind_proxy ? await start_proxy(scene.server.port) : null;
      return () => scene.proxy?.stop();
    },
    async () => {
      scene.origin = scene.proxy?.origin ?? scene.server.origin;
      scene.browser = await open_browser(scene.origin, check.browser_options);
      return () => scene.browser.close();
    },
  ];
  await with_resources(openers, async () => {
    await within(check.limit_ms ?? k_check_ms, check.run(scene));
    const complaints = scene.browser.complaints.filter((complaint) => !check.expected_complaints?.test(complaint));
    if (complaints.length > 0) throw new Error(`the browser complained:\n  ${complaints.join("\n  ")}`);
  });
}

/** Whether it passed; says so, with what the check noted. */
async function report_check(check) {
  const notes = [];
  const start = Date.now();
  const result = await run_check(check, notes).then(() => null, (error) => error);
  const lines = notes.map((text) => `      ${text}`);
  const head = result ? `FAIL  ${check.name} (${Date.now() - start} ms)` : `ok    ${check.name} (${Date.now() - start} ms)`;
  console.log([head, ...lines, ...(result ? [result.stack] : [])].join("\n"));
  return result === null;
}

/** Runs them all, so many at a time; those that failed. */
async function run_all(checks, at_a_time) {
  const waiting = [...checks];
  const failed = [];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) if (!(await report_check(check))) failed.push(check);
  };
  await Promise.all(Array.from({ length: at_a_time }, worker));
  return failed;
}

if (!process.env.AGENTPIPE_BIN) {
  console.error("AGENTPIPE_BIN must be the path of the agentpipe-bridge binary.");
  process.exit(2);
}

const wanted = process.argv[2] ?? "";
const directory = new URL("./checks/", import.meta.url);
const files = (await readdir(directory)).filter((file) => file.endsWith(".mjs")).sort();
const all = await Promise.all(files.map(async (file) => ({ file, ...(await import(new URL(file, directory))) })));
const checks = all
  .filter((check) => check.name.includes(wanted) || check.file.includes(wanted))
  .filter((check) => !check.slow || process.env.AGENTPIPE_SOAK === "1");

// The longest first, so that none runs on when all others are done.
const side_by_side = checks.filter((check) => !check.alone).sort((a, b) => (b.limit_ms ?? 0) - (a.limit_ms ?? 0));
const crowded = await run_all(side_by_side, k_at_a_time);
// Many checks hold a page to a time; side by side they take it from each other, so a failure there is tried again alone.
if (crowded.length > 0) console.log(`again, one at a time: ${crowded.length}`);
const alone = await run_all([...crowded, ...checks.filter((check) => check.alone)], 1);
const failed = alone.length;
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || checks.length === 0 ? 1 : 0);
