import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const k_self = fileURLToPath(import.meta.url);

/**
 * Ingests messages first … last of a conversation at a pace, from a process of its own: what it does must not delay
 * what the caller measures.
 */
export async function write_aside(origin, key, conversation, per_second, first, last) {
  const child = fork(k_self, [JSON.stringify({ origin, key, conversation, per_second, first, last })]);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the writer ended with ${code}`);
}

async function write({ origin, key, conversation, per_second, first, last }) {
  const { message } = await import("./conversations.mjs");
  const { at_pace } = await import("./page.mjs");
  const send = async (n) => {
    const response = await fetch(`${origin}/api/ingest`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ type: "message.created", timestamp: new Date().toISOString(), data: message(conversation, n) }),
    });
    if (!response.ok) throw new Error(`message ${n}: ${response.status} ${await response.text()}`);
  };
  await at_pace(per_second, first, last, send);
}

if (process.argv[1] === k_self) await write(JSON.parse(process.argv[2]));
