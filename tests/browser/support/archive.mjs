// An archive as a team has one after some days: for pictures, and for checks that look at every page.
import { k_participants, k_texts, session_id } from "./conversations.mjs";

export const k_running = session_id(60, 1);
export const k_finished = session_id(60, 2);
const k_minute = 60_000;

const text = (words) => ({ type: "text", text: words });
const thinking = (words) => ({ type: "thinking", text: words });
const call = (call_id, name, input) => ({ type: "tool_call", call_id, name, input });
const result = (call_id, output, is_error = false) => ({ type: "tool_result", call_id, output, is_error });

/** What agents do beside talking. */
const k_works = [
  [
    thinking("The lease must outlive the slowest job. The longest run this year took eleven seconds, so thirty leave room for a slow disk."),
    text("The lease is shorter than the slowest job. I look at what the worker does when it is lost:"),
    call("c1", "grep", { pattern: "lease_until", path: "worker/" }),
    result("c1", "worker/drain.go:41:\tif now.After(job.lease_until) {\nworker/drain.go:58:\tjob.lease_until = now.Add(k_lease)"),
    text("Line 58 renews it only *between* jobs. A renewal every ten seconds closes the gap."),
  ],
  [
    text("Then the test that would have caught it:"),
    call("c2", "run", { command: "go test ./worker -run Lease -count 20" }),
    result("c2", "--- FAIL: TestLeaseIsRenewed (0.31s)\n    lease_test.go:37: job 4 ran twice", true),
    text("It fails as it should. Now the renewal:\n\n```go\nfunc (w *Worker) renew(ctx context.Context, job *Job) {\n\tticker := time.NewTicker(k_lease / 3)\n\tdefer ticker.Stop()\n\tfor {\n\t\tselect {\n\t\tcase <-ctx.Done():\n\t\t\treturn\n\t\tcase <-ticker.C:\n\t\t\tw.store.Extend(ctx, job.ID, k_lease)\n\t\t}\n\t}\n}\n```"),
  ],
];

const k_names = [
  "Move the invoice service to a queue", "Why does the nightly import skip rows?", "Review: retry budget of the uploader",
  "Draft the incident report for Tuesday", "Port the parser's tests to tables", "Is the cache worth its memory?",
  "Name the columns of the new ledger", "Find the leak in the preview worker", "A migration that can be stopped half-way",
];

function message(id, i, at) {
  const author = k_participants[i % k_participants.length];
  const parts = i % 4 === 3 ? k_works[(i >> 2) % k_works.length] : undefined;
  const content = parts ? parts.filter(({ type }) => type === "text").map((part) => part.text).join("\n\n") : k_texts[i % k_texts.length];
  return {
    message_id: `${id}-m${i + 1}`, agent_id: author.agent_id, agent_type: author.agent_type, agent_name: author.name, model: author.model,
    content, parts, role: "agent", sequence_number: i + 1, turn_number: Math.floor(i / 3), timestamp: new Date(at).toISOString(),
    input_tokens: 900 + 211 * (i % 7), output_tokens: 120 + 97 * (i % 5), tokens_used: 1020 + 211 * (i % 7) + 97 * (i % 5),
    cost: 0.0031 + 0.0017 * (i % 6), duration_ms: 2200 + 900 * (i % 8),
  };
}

/** A session of `count` messages whose last one came `age_ms` ago. */
function session(id, name, count, age_ms, extra = {}) {
  const end = Date.now() - age_ms;
  const time = (i) => end - (count - 1 - i) * 0.7 * k_minute - (i < count / 2 ? 9 * k_minute : 0);
  const messages = Array.from({ length: count }, (_, i) => message(id, i, time(i)));
  return {
    conversation: {
      id, name, mode: "round-robin", status: "COMPLETED", source_format: "agentpipe", machine: "atelier",
      initial_prompt: "Plan the move of the invoice service from cron jobs to a queue. Keep it to one page; name the risks.",
      started_at: new Date(time(0) - k_minute).toISOString(), completed_at: new Date(end + 5_000).toISOString(), ...extra,
    },
    agents: k_participants.map(({ agent_id, agent_type, name: agent_name, model }) => ({ agent_id, agent_type, agent_name, model })),
    messages,
  };
}

const k_running_facts = { status: "ACTIVE", completed_at: undefined };

export async function fill(server) {
  await server.upload(session(k_running, k_names[0], 34, 4_000, k_running_facts));
  await server.upload(session(k_finished, k_names[1], 12, 40 * k_minute));
  await server.upload(session(session_id(60, 3), "Watch the rollout", 7, 9_000, k_running_facts));
  for (let i = 0; i < 34; i++) {
    const status = i % 9 === 4 ? "ERROR" : i % 7 === 5 ? "INTERRUPTED" : "COMPLETED";
    const facts = { status, ...(i % 4 === 1 ? { mode: "reactive" } : {}), ...(i % 5 === 3 ? { source_format: "claude-code" } : {}) };
    await server.upload(session(session_id(60, 10 + i), k_names[(i + 2) % k_names.length], 4 + ((i * 5) % 17), (i + 1) * 173 * k_minute, facts));
  }
  await server.ingest("conversation.error", { conversation_id: k_running, error_message: "429 from the provider: slow down for 20 s", error_type: "rate_limit", agent_type: "gemini" });
}
