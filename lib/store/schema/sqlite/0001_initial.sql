-- Times are milliseconds since 1970 (UTC). JSON columns hold minified text; NULL means that the field was absent.

CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- What lists show, filter and sort by, with running totals. Rewritten with nearly every message: keep it small.
CREATE TABLE sessions(
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  status INTEGER NOT NULL DEFAULT 0,       -- 0 active, 1 completed, 2 interrupted, 3 error
  mode TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL DEFAULT '',
  placeholder INTEGER NOT NULL DEFAULT 1,  -- 1 until conversation.started has come
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_event_at INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL DEFAULT 0,    -- the highest one
  latest_sequence INTEGER NOT NULL DEFAULT 0,  -- that of the message logged last
  messages INTEGER NOT NULL DEFAULT 0,
  tokens INTEGER NOT NULL DEFAULT 0,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cache_read_tokens INTEGER NOT NULL DEFAULT 0,
  cache_write_tokens INTEGER NOT NULL DEFAULT 0,
  reasoning_tokens INTEGER NOT NULL DEFAULT 0,
  cost REAL,                                   -- NULL until a message carries one
  duration_ms INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sessions_started ON sessions(started_at);
CREATE INDEX sessions_status ON sessions(status, started_at);
CREATE INDEX sessions_source ON sessions(source, started_at);

-- What changes seldom and may be long.
CREATE TABLE session_details(
  pk INTEGER PRIMARY KEY REFERENCES sessions(pk) ON DELETE CASCADE,
  initial_prompt TEXT,
  max_turns INTEGER,
  source_format TEXT,
  machine TEXT,
  cwd TEXT,
  git_branch TEXT,
  parent_conversation_id TEXT,
  system_info TEXT,
  command TEXT,
  metadata TEXT,
  error_message TEXT,
  reported_messages INTEGER,
  reported_turns INTEGER,
  reported_tokens INTEGER,
  reported_cost REAL,
  reported_duration_ms INTEGER,
  summary_n INTEGER                        -- the conversation.completed that brought the summary
);

CREATE TABLE participants(
  session_pk INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  agent_type TEXT NOT NULL,
  agent_version TEXT,
  model TEXT,
  name TEXT,
  prompt TEXT,
  cli_version TEXT,
  announcement TEXT,
  settings TEXT,
  extra TEXT,
  PRIMARY KEY(session_pk, ordinal)
) WITHOUT ROWID;
CREATE INDEX participants_type ON participants(agent_type, session_pk);
CREATE INDEX participants_model ON participants(model, session_pk);

-- The log: n grows in commit order. A message's content lies in messages under the same n, any other event's in data.
CREATE TABLE events(
  n INTEGER PRIMARY KEY,
  session_pk INTEGER,                      -- NULL: belongs to no session
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  data TEXT,
  dedup INTEGER,                           -- 64 bits of a hash over type, at and data; NULL for messages
  after_sequence INTEGER                   -- notes only: sequence of the message logged before
);
CREATE UNIQUE INDEX events_dedup ON events(session_pk, dedup) WHERE dedup IS NOT NULL;

CREATE TABLE messages(
  n INTEGER PRIMARY KEY,
  session_pk INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  agent_type TEXT NOT NULL,
  agent_name TEXT,
  agent_version TEXT,
  role TEXT NOT NULL,
  content TEXT NOT NULL,
  turn_number INTEGER,
  tokens_used INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_tokens INTEGER,
  reasoning_tokens INTEGER,
  cost REAL,
  cost_kind TEXT,
  model TEXT,
  duration_ms INTEGER,
  parent_message_id TEXT,
  machine TEXT,
  parts TEXT,
  metadata TEXT,
  client TEXT,
  extra TEXT
);
CREATE UNIQUE INDEX messages_id ON messages(session_pk, message_id);
CREATE INDEX messages_place ON messages(session_pk, sequence);

CREATE TABLE keys(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  masked TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE,
  can_ingest INTEGER NOT NULL,
  can_read INTEGER NOT NULL,
  can_admin INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
);

-- Names that senders gave their requests (digests), kept for a day.
CREATE TABLE idempotency(
  key BLOB PRIMARY KEY,
  body BLOB NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency(at);

-- How far each numbered source (a sender's queue) has come: its records up to last_n are dealt with.
CREATE TABLE sources(
  id TEXT PRIMARY KEY,
  last_n INTEGER NOT NULL,
  missing INTEGER NOT NULL DEFAULT 0,      -- records that the sender declared lost
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

-- What was refused, until the source shows by going on that it knows.
CREATE TABLE rejections(
  source_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(source_id, n)
) WITHOUT ROWID;
