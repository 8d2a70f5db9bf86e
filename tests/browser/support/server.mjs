import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const k_start_ms = 15_000;
const k_stop_ms = 5_000;
export const k_key = "browser-test-key-0123456789abcdef";

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

/** The process alone: started until it answers, ended by a signal. */
class Process {
  constructor(home, port, settings) {
    this.home = home;
    this.port = port;
    this.settings = settings;
    this.output = "";
  }

  async start() {
    const database = `sqlite:${path.join(this.home, "web.db")}`;
    const listen = ["--listen", `127.0.0.1:${this.port}`, "--database", database];
    const child = spawn(process.env.AGENTPIPE_BIN, ["web", "serve", ...listen, ...this.settings], {
      env: { PATH: process.env.PATH, HOME: this.home, AGENTPIPE_BRIDGE_API_KEY: k_key },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    this.failed = null;
    for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (bytes) => (this.output += bytes));
    child.on("error", (error) => (this.failed = error));
    const deadline = Date.now() + k_start_ms;
    while (!(await is_healthy(`http://127.0.0.1:${this.port}`))) {
      if (this.failed || child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the server did not start: ${this.failed?.message ?? `exit code ${child.exitCode}`}\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async end(signal) {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null || this.failed) return;
    const ended = once(child, "exit");
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), k_stop_ms);
    await ended;
    clearTimeout(timer);
  }
}

const wait_seconds = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** A server of its own: free port, empty database, empty home. `settings`: further flags of `web serve`. */
export async function start_server({ settings = [] } = {}) {
  const home = await mkdtemp(path.join(tmpdir(), "agentpipe-browser-"));
  const port = await free_port();
  const origin = `http://127.0.0.1:${port}`;
  const server = new Process(home, port, settings);

  const stop = async () => {
    await server.end("SIGTERM");
    await rm(home, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }

  const get = async (address) => {
    const response = await fetch(origin + address);
    if (!response.ok) throw new Error(`GET ${address}: ${response.status} ${await response.text()}`);
    return response.json();
  };

  const post = async (address, body) => {
    const response = await fetch(origin + address, {
      method: "POST",
      headers: { Authorization: `Bearer ${k_key}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.status === 429) {
      await wait_seconds(Number(response.headers.get("retry-after") ?? 1));
      return post(address, body);
    }
    if (!response.ok) throw new Error(`POST ${address}: ${response.status} ${await response.text()}`);
    return response.json();
  };

  const ingest = (type, data, timestamp = new Date().toISOString()) => post("/api/ingest", { type, timestamp, data });

  return {
    origin,
    port,
    get,
    post,
    ingest,
    /** A whole session at once: see `bulk` in conversations.mjs. */
    upload: (document) => post("/api/sessions/upload", document),
    /** A further key, made as an administrator does it. */
    make_key(...scopes) {
      const wish = ["web", "keys", "create", "--name", "browser tests", ...scopes.flatMap((scope) => ["--scope", scope])];
      const env = { PATH: process.env.PATH, HOME: home, DATABASE_URL: `sqlite:${path.join(home, "web.db")}` };
      return /ap_live_[\w-]+/.exec(execFileSync(process.env.AGENTPIPE_BIN, wish, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))[0];
    },
    stop,
    /** Ends the process without warning; the database stays. */
    kill: () => server.end("SIGKILL"),
    /** Starts it again, on the same port and database. */
    start: () => server.start(),
  };
}
