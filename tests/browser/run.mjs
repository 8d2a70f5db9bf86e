// Runs the browser checks: node run.mjs [PART-OF-A-NAME]
//
//   AGENTPIPE_BIN   the agentpipe-bridge binary (required)
//   CHROMIUM        the browser; default /usr/bin/chromium
//   SCREENSHOT_DIR  where to put pictures of the pages; none are taken without it
//
// Each check is a file in checks/ with `name` and `run({ server, browser })`; it gets a server and a browser of its own.
import { readdir } from "node:fs/promises";
import { open_browser } from "./support/browser.mjs";
import { start_server } from "./support/server.mjs";

const k_check_ms = 60_000;

function within(ms, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function run_check(check) {
  const server = await start_server();
  try {
    const browser = await open_browser(server.origin, check.browser_options);
    try {
      await within(k_check_ms, check.run({ server, browser }));
      const complaints = browser.complaints.filter((complaint) => !check.expected_complaints?.test(complaint));
      if (complaints.length > 0) throw new Error(`the browser complained:\n  ${complaints.join("\n  ")}`);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

if (!process.env.AGENTPIPE_BIN) {
  console.error("AGENTPIPE_BIN must be the path of the agentpipe-bridge binary.");
  process.exit(2);
}

const wanted = process.argv[2] ?? "";
const directory = new URL("./checks/", import.meta.url);
const files = (await readdir(directory)).filter((file) => file.endsWith(".mjs")).sort();
const checks = (await Promise.all(files.map((file) => import(new URL(file, directory))))).filter((check) => check.name.includes(wanted));

let failed = 0;
for (const check of checks) {
  const start = Date.now();
  try {
    await run_check(check);
    console.log(`ok    ${check.name} (${Date.now() - start} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${check.name}\n${error.stack}`);
  }
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || checks.length === 0 ? 1 : 0);
