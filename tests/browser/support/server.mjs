import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const k_start_ms = 15_000;
const k_stop_ms = 5_000;
const k_key = "browser-test-key-0123456789abcdef";

async function free_port() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

async function is_healthy(origin) {
  try {
    return (await fetch(`${origin}/api/health`)).status === 200;
  } catch {
    return false;
  }
}

/** A server of its own: free port, empty database, empty home. */
export async function start_server() {
  const home = await mkdtemp(path.join(tmpdir(), "agentpipe-browser-"));
  const port = await free_port();
  const origin = `http://127.0.0.1:${port}`;
  const database = `sqlite:${path.join(home, "web.db")}`;
  const child = spawn(process.env.AGENTPIPE_BIN, ["web", "serve", "--listen", `127.0.0.1:${port}`, "--database", database], {
    env: { PATH: process.env.PATH, HOME: home, AGENTPIPE_BRIDGE_API_KEY: k_key },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (bytes) => (output += bytes));
  let failed = null;
  child.on("error", (error) => (failed = error));

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && !failed) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), k_stop_ms);
      await ended;
      clearTimeout(timer);
    }
    await rm(home, { recursive: true, force: true });
  };

  const deadline = Date.now() + k_start_ms;
  while (!(await is_healthy(origin))) {
    if (failed || child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the server did not start: ${failed?.message ?? `exit code ${child.exitCode}`}\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const get = async (address) => {
    const response = await fetch(origin + address);
    if (!response.ok) throw new Error(`GET ${address}: ${response.status} ${await response.text()}`);
    return response.json();
  };

  const ingest = async (type, data, timestamp = new Date().toISOString()) => {
    const response = await fetch(`${origin}/api/ingest`, {
      method: "POST",
      headers: { Authorization: `Bearer ${k_key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ type, timestamp, data }),
    });
    if (response.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get("retry-after") ?? 1)));
      return ingest(type, data, timestamp);
    }
    if (!response.ok) throw new Error(`ingest of ${type}: ${response.status} ${await response.text()}`);
  };

  return { origin, get, ingest, stop };
}
