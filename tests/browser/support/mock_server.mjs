#!/usr/bin/env node
// A stand-in for the agentpipe-bridge binary with just enough of the HTTP interface for the pages: everything in
// memory, no checks. Lets one work on the pages, and on these tests, without building the server:
//
//   AGENTPIPE_BIN=tests/browser/support/mock_server.mjs node tests/browser/run.mjs
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const k_dist = fileURLToPath(new URL("../../../lib/webui/dist", import.meta.url));
const k_epoch = "e1";
const k_ping_ms = 15_000;
const k_csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dompurify agentpipe";
const k_types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const sessions = new Map();
const log = [];
const streams = new Set();

const cursor = () => `${k_epoch}-${log.length}`;
const sum = (list, key) => list.reduce((total, item) => total + (item[key] ?? 0), 0);

function session_json({ messages, notes, ...session }) {
  const costs = messages.filter((message) => message.cost !== null);
  return {
    ...session,
    totalMessages: messages.length,
    totalTokens: sum(messages, "totalTokens"),
    inputTokens: sum(messages, "inputTokens"),
    outputTokens: sum(messages, "outputTokens"),
    totalCost: costs.length > 0 ? sum(costs, "cost") : null,
    errorCount: notes.filter((note) => note.type === "conversation.error").length,
  };
}

function stub(id, timestamp) {
  return {
    id, name: null, mode: null, status: "ACTIVE", source: "cli-stream", sourceFormat: null, machine: null, startedAt: timestamp,
    completedAt: null, updatedAt: timestamp, initialPrompt: null, maxTurns: null, totalDuration: null, errorMessage: null,
    summary: null, participants: [], reported: null, systemInfo: null, messages: [], notes: [],
  };
}

const k_apply = {
  "conversation.started": (session, data) =>
    Object.assign(session, {
      name: data.name ?? null,
      mode: data.mode ?? null,
      initialPrompt: data.initial_prompt ?? null,
      participants: (data.participants ?? []).map((p, i) => ({
        agentId: p.agent_id ?? `${p.agent_type}-${i}`, agentType: p.agent_type, agentName: p.name ?? null,
        model: p.model ?? null, prompt: p.prompt ?? null, cliVersion: p.cli_version ?? null,
      })),
    }),
  "message.created": (session, data, timestamp) =>
    session.messages.push({
      id: data.message_id, agentId: data.agent_id, agentName: data.agent_name ?? null, agentType: data.agent_type,
      content: data.content, role: data.role, timestamp, sequenceNumber: data.sequence_number,
      turnNumber: data.turn_number ?? null, duration: data.duration_ms ?? null, inputTokens: data.input_tokens ?? null,
      outputTokens: data.output_tokens ?? null, totalTokens: data.tokens_used ?? null, model: data.model ?? null, cost: data.cost ?? null,
    }),
  "conversation.completed": (session, data, timestamp) => {
    const { short_text = null, text = null, agent_type = null, model = null, total_tokens = null, cost = null } = data.summary ?? {};
    Object.assign(session, {
      status: data.status.toUpperCase(),
      completedAt: timestamp,
      totalDuration: Math.round((data.duration_seconds ?? 0) * 1000),
      summary: data.summary ? { shortText: short_text, text, agentType: agent_type, model, totalTokens: total_tokens, cost } : null,
    });
  },
};

function add_note(session, event) {
  const is_error = event.type === "conversation.error";
  session.notes.push({
    type: event.type, timestamp: event.timestamp, logNumber: log.length, afterSequence: session.messages.at(-1)?.sequenceNumber ?? 0,
    level: event.data.level ?? null, role: event.data.role ?? null, agentName: event.data.agent_name ?? null,
    content: is_error ? event.data.error_message : event.data.content,
  });
}

const frame = ({ n, event }) => `id: ${k_epoch}-${n}\ndata: ${JSON.stringify(event)}\n\n`;
const wants = (filter, { event }) => !filter || event.data.conversation_id === filter;

function ingest(event) {
  const id = event.data.conversation_id;
  if (!sessions.has(id)) sessions.set(id, stub(id, event.timestamp));
  const session = sessions.get(id);
  if (event.type === "message.created") {
    event.data = { agent_id: `${id}-${event.data.agent_type}`, role: "agent", sequence_number: session.messages.length + 1, ...event.data };
  }
  const logged = { n: log.length + 1, event };
  log.push(logged);
  session.updatedAt = event.timestamp;
  if (k_apply[event.type]) k_apply[event.type](session, event.data, event.timestamp);
  else add_note(session, event);
  for (const { response, filter } of streams) if (wants(filter, logged)) response.write(frame(logged));
}

function open_stream(response, query) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  const filter = query.get("conversationId");
  response.write('retry: 1000\ndata: {"type":"connection.established","data":{}}\n\n');
  const from = Number(/-(\d+)$/.exec(query.get("last_event_id") ?? "")?.[1] ?? log.length);
  for (const logged of log.slice(from)) if (wants(filter, logged)) response.write(frame(logged));
  const stream = { response, filter };
  const ping = setInterval(() => response.write('data: {"type":"ping","data":{}}\n\n'), k_ping_ms);
  streams.add(stream);
  response.on("close", () => {
    clearInterval(ping);
    streams.delete(stream);
  });
}

function list_sessions(query) {
  const page = Number(query.get("page") ?? 1);
  const limit = Number(query.get("limit") ?? 25);
  const wanted = [...sessions.values()].filter(({ status }) => !query.get("status") || query.get("status") === status);
  wanted.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const rows = wanted.slice((page - 1) * limit, page * limit).map(session_json);
  const totalPages = Math.ceil(wanted.length / limit);
  return { sessions: rows, pagination: { page, limit, total: wanted.length, totalPages }, streamCursor: cursor() };
}

function list_messages({ messages }, query) {
  const limit = Number(query.get("limit") ?? 200);
  const [after, before, around] = ["after_seq", "before_seq", "around"].map((key) => query.has(key) && Number(query.get(key)));
  const rest = messages.filter(
    ({ sequenceNumber: n }) => (after === false || n > after) && (before === false || n < before) && (around === false || n >= around - limit / 2),
  );
  const page = query.get("order") === "desc" ? rest.slice(-limit) : rest.slice(0, limit);
  const nextCursor = page.at(-1) === messages.at(-1) ? null : "a";
  const previousCursor = page[0] === messages[0] ? null : "b";
  return { messages: page, pagination: { limit, total: messages.length, nextCursor, previousCursor }, streamCursor: cursor() };
}

function send_json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

async function body_of(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function api(request, response, parts, query) {
  if (parts[0] === "health") return send_json(response, 200, { status: "ok" });
  if (parts[0] === "realtime") return open_stream(response, query);
  if (parts[0] !== "sessions") return send_json(response, 404, { error: "not found", code: "not_found", message: "No such path.", request_id: "r0" });
  if (parts.length === 1) return send_json(response, 200, list_sessions(query));
  const session = sessions.get(decodeURIComponent(parts[1]));
  if (!session) return send_json(response, 404, { error: "not found", code: "not_found", message: "No such session.", request_id: "r1" });
  const answers = {
    undefined: () => ({ ...session_json(session), streamCursor: cursor() }),
    messages: () => list_messages(session, query),
    notes: () => ({ notes: session.notes }),
  };
  return send_json(response, 200, answers[parts[2]]());
}

async function send_file(response, name) {
  const is_shell = !/^\/(assets\/|favicon)/.test(name);
  const file = is_shell ? "/index.html" : name;
  const bytes = await readFile(path.join(k_dist, path.normalize(file)));
  response.writeHead(200, { "Content-Type": k_types[path.extname(file)], "Content-Security-Policy": k_csp, "Cache-Control": "no-cache" });
  response.end(is_shell ? bytes.toString().replaceAll("{{base}}", "") : bytes);
}

const listen = process.argv[process.argv.indexOf("--listen") + 1];
const [host, port] = listen.split(":");
createServer(async (request, response) => {
  const url = new URL(request.url, "http://mock");
  try {
    if (url.pathname === "/api/ingest") {
      ingest(await body_of(request));
      return send_json(response, 201, { success: true });
    }
    if (url.pathname.startsWith("/api/")) return api(request, response, url.pathname.split("/").slice(2), url.searchParams);
    return await send_file(response, url.pathname);
  } catch (error) {
    return send_json(response, error.code === "ENOENT" ? 404 : 500, { error: String(error), code: "internal", message: String(error), request_id: "r2" });
  }
}).listen(Number(port), host);
process.on("SIGTERM", () => process.exit(0));
