// Conversations to ingest.

export const k_participants = [
  { agent_id: "claude-0", agent_type: "claude", name: "Ada", model: "claude-sonnet-4" },
  { agent_id: "claude-1", agent_type: "claude", name: "Bruno", model: "claude-sonnet-4" },
  { agent_id: "gemini-2", agent_type: "gemini", name: "Greta", model: "gemini-2.5-pro" },
];

export const started = (id, extra = {}) => ({
  conversation_id: id,
  mode: "round-robin",
  initial_prompt: "Plan the move of the invoice service from cron jobs to a queue.\n\nKeep it to one page; name the risks.",
  max_turns: 6,
  participants: k_participants,
  ...extra,
});

export const k_texts = [
  "Three steps are enough:\n\n1. Write every job to the **outbox** in the same transaction.\n2. Let one worker drain it in order.\n3. Retire the cron entry once a week has passed without a difference.\n\nThe risk is the *second* step: a poisoned job blocks all that follow.",
  "Agreed on the outbox. For a poisoned job I would park it after five attempts:\n\n```sql\nUPDATE outbox\n   SET parked_at = now(), reason = $2\n WHERE id = $1 AND attempts >= 5;\n```\n\nThen an alarm on `parked_at IS NOT NULL`, not on the queue's length.",
  "Let me put figures to it.\n\n| Path | p50 | p95 | Lost on crash |\n|---|---:|---:|---|\n| cron | 31 s | 60 s | up to one run |\n| queue | 80 ms | 240 ms | none |\n\nThe worker needs ~40 MB. See https://example.com/outbox for the pattern.",
  "- [x] outbox table\n- [x] worker with lease\n- [ ] alarm on parked jobs\n- [ ] remove cron\n\n> A lease of 30 s is more than the slowest job seen this year (11 s).",
  "Then the page is complete. Who writes the runbook?",
];

export const message = (id, n, text = k_texts[(n - 1) % k_texts.length]) => {
  const author = k_participants[(n - 1) % k_participants.length];
  return {
    conversation_id: id,
    message_id: `${id}-m${n}`,
    agent_id: author.agent_id,
    agent_type: author.agent_type,
    agent_name: author.name,
    content: text,
    role: "agent",
    sequence_number: n,
    turn_number: n - 1,
    tokens_used: 400 + n,
    input_tokens: 300,
    output_tokens: 100 + n,
    cost: 0.0042,
    model: author.model,
    duration_ms: 3200 + n,
  };
};

export const completed = (id) => ({
  conversation_id: id,
  status: "completed",
  total_messages: 5,
  duration_seconds: 42.5,
  summary: {
    short_text: "An outbox, one worker, and an alarm on parked jobs replace cron.",
    text: "The agents agreed on an **outbox table** drained by one worker with a lease. Poisoned jobs are parked after five attempts and raise an alarm.",
    agent_type: "gemini",
    model: "gemini-2.5-pro",
    total_tokens: 512,
    cost: 0.0011,
  },
});

/** A session of `count` messages to be uploaded whole, the last one a moment ago. */
export function bulk(id, count, { text = (n) => `Message ${n}. ${k_texts[n % k_texts.length].split("\n")[0]}`, status = "COMPLETED", ...extra } = {}) {
  const start = Date.now() - count * 1_000;
  const time = (n) => new Date(start + n * 1_000).toISOString();
  const messages = Array.from({ length: count }, (_, i) => {
    const { conversation_id, ...rest } = message(id, i + 1, text(i + 1));
    return { ...rest, timestamp: time(i) };
  });
  const conversation = {
    id,
    name: "A long session",
    mode: "round-robin",
    initial_prompt: "Talk for long.",
    status,
    started_at: time(0),
    completed_at: status === "ACTIVE" ? undefined : time(count),
    ...extra,
  };
  const agents = k_participants.map(({ agent_id, agent_type, name, model }) => ({ agent_id, agent_type, agent_name: name, model }));
  return { conversation, agents, messages };
}

/** Ids that no two checks share, and that tell where they come from. */
export const session_id = (check, n = 0) => `7d1f0c52-0000-4000-${String(8000 + check)}-${String(n).padStart(12, "0")}`;
