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
  inferred INTEGER NOT NULL DEFAULT 0,     -- 1: the status was concluded from silence
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

-- Conversations that were deleted: their events are refused from then on, unless something was put in their place.
CREATE TABLE tombstones(
  id TEXT PRIMARY KEY,
  n INTEGER NOT NULL,                      -- of the conversation.deleted in the log
  replaced INTEGER NOT NULL                -- 1: the id belongs to another session since
) WITHOUT ROWID;

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

CREATE INDEX details_parent ON session_details(parent_conversation_id) WHERE parent_conversation_id IS NOT NULL;

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

-- What sessions are filtered by, each value in the order of the list. Kept by the triggers below.
-- kind: 1 status, 2 source, 3 mode, 4 agent type, 5 model, 6 machine.
CREATE TABLE tags(
  kind INTEGER NOT NULL,
  value TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  session_pk INTEGER NOT NULL,
  PRIMARY KEY(kind, value, started_at, session_pk)
) WITHOUT ROWID;
CREATE INDEX tags_session ON tags(session_pk, kind);

-- Sessions that carry a tag; kind 0: all there are.
CREATE TABLE tag_counts(
  kind INTEGER NOT NULL,
  value TEXT NOT NULL,
  sessions INTEGER NOT NULL,
  PRIMARY KEY(kind, value)
) WITHOUT ROWID;
INSERT INTO tag_counts VALUES(0, '', 0);

CREATE TRIGGER tags_added AFTER INSERT ON tags BEGIN
  INSERT INTO tag_counts VALUES(NEW.kind, NEW.value, 1) ON CONFLICT DO UPDATE SET sessions=sessions+1;
END;
CREATE TRIGGER tags_removed AFTER DELETE ON tags BEGIN
  UPDATE tag_counts SET sessions=sessions-1 WHERE kind=OLD.kind AND value=OLD.value;
  DELETE FROM tag_counts WHERE kind=OLD.kind AND value=OLD.value AND sessions=0;
END;
CREATE TRIGGER sessions_added AFTER INSERT ON sessions BEGIN
  UPDATE tag_counts SET sessions=sessions+1 WHERE kind=0;
  INSERT INTO tags VALUES(1, NEW.status, NEW.started_at, NEW.pk), (2, NEW.source, NEW.started_at, NEW.pk);
END;
CREATE TRIGGER sessions_removed BEFORE DELETE ON sessions BEGIN
  UPDATE tag_counts SET sessions=sessions-1 WHERE kind=0;
  DELETE FROM tags WHERE session_pk=OLD.pk;
END;
CREATE TRIGGER sessions_status AFTER UPDATE OF status ON sessions WHEN OLD.status<>NEW.status BEGIN
  DELETE FROM tags WHERE session_pk=NEW.pk AND kind=1;
  INSERT INTO tags VALUES(1, NEW.status, NEW.started_at, NEW.pk);
END;
CREATE TRIGGER sessions_mode AFTER UPDATE OF mode ON sessions WHEN OLD.mode<>NEW.mode BEGIN
  DELETE FROM tags WHERE session_pk=NEW.pk AND kind=3;
  INSERT INTO tags SELECT 3, NEW.mode, NEW.started_at, NEW.pk WHERE NEW.mode<>'';
END;
CREATE TRIGGER sessions_start AFTER UPDATE OF started_at ON sessions WHEN OLD.started_at<>NEW.started_at BEGIN
  UPDATE tags SET started_at=NEW.started_at WHERE session_pk=NEW.pk;
END;
CREATE TRIGGER details_machine AFTER UPDATE OF machine ON session_details
WHEN OLD.machine IS NULL AND NEW.machine IS NOT NULL BEGIN
  INSERT INTO tags SELECT 6, NEW.machine, started_at, pk FROM sessions WHERE pk=NEW.pk;
END;
CREATE TRIGGER participants_added AFTER INSERT ON participants BEGIN
  INSERT INTO tags SELECT 4, NEW.agent_type, started_at, pk FROM sessions WHERE pk=NEW.session_pk
    AND NOT EXISTS(SELECT 1 FROM tags WHERE session_pk=NEW.session_pk AND kind=4 AND value=NEW.agent_type);
  INSERT INTO tags SELECT 5, NEW.model, started_at, pk FROM sessions WHERE pk=NEW.session_pk AND NEW.model IS NOT NULL
    AND NOT EXISTS(SELECT 1 FROM tags WHERE session_pk=NEW.session_pk AND kind=5 AND value=NEW.model);
END;
CREATE TRIGGER participants_model AFTER UPDATE OF model ON participants WHEN NEW.model IS NOT NULL BEGIN
  INSERT INTO tags SELECT 5, NEW.model, started_at, pk FROM sessions WHERE pk=NEW.session_pk
    AND NOT EXISTS(SELECT 1 FROM tags WHERE session_pk=NEW.session_pk AND kind=5 AND value=NEW.model);
END;
CREATE TRIGGER participants_removed AFTER DELETE ON participants BEGIN
  DELETE FROM tags WHERE session_pk=OLD.session_pk AND kind=4 AND value=OLD.agent_type
    AND NOT EXISTS(SELECT 1 FROM participants WHERE session_pk=OLD.session_pk AND agent_type=OLD.agent_type);
  DELETE FROM tags WHERE session_pk=OLD.session_pk AND kind=5 AND value=OLD.model
    AND NOT EXISTS(SELECT 1 FROM participants WHERE session_pk=OLD.session_pk AND model=OLD.model);
END;

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

-- Full text of messages, names and prompts by the log's number; filled behind the log, up to `reached`. Contentless: a
-- text is kept once, in its event. Categories: letters, digits, and symbols such as emoji.
CREATE VIRTUAL TABLE search_index USING fts5(text, content='', columnsize=0,
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co So'");
-- Fewer merges: a seventh less work, and searches do not notice.
INSERT INTO search_index(search_index, rank) VALUES('automerge', 8);
CREATE TABLE search_state(reached INTEGER NOT NULL);
INSERT INTO search_state VALUES(0);
-- The vocabulary and an index of its words' pieces, so that the inside of a word is found too.
CREATE TABLE search_words(
  id INTEGER PRIMARY KEY,
  word TEXT NOT NULL UNIQUE
);
CREATE VIRTUAL TABLE search_pieces USING fts5(word, content='search_words', content_rowid='id', columnsize=0,
  tokenize='trigram');

CREATE INDEX events_errors ON events(at) WHERE type='conversation.error';

-- Sums of messages by time (span: length of the slot in ms, a minute and an hour), agent, model and source; '' unknown.
-- l0 to l19: how many took how long, see metrics.hpp.
CREATE TABLE rollups(
  span INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  agent_type TEXT NOT NULL,
  model TEXT NOT NULL,
  source TEXT NOT NULL,
  messages INTEGER, input_tokens INTEGER, output_tokens INTEGER, tokens INTEGER,
  cost REAL, estimated REAL,               -- reported and estimated; NULL: no message carried one
  errors INTEGER,
  l0 INTEGER, l1 INTEGER, l2 INTEGER, l3 INTEGER, l4 INTEGER, l5 INTEGER, l6 INTEGER, l7 INTEGER, l8 INTEGER,
  l9 INTEGER, l10 INTEGER, l11 INTEGER, l12 INTEGER, l13 INTEGER, l14 INTEGER, l15 INTEGER, l16 INTEGER, l17 INTEGER,
  l18 INTEGER, l19 INTEGER,
  PRIMARY KEY(span, slot, agent_type, model, source)
) WITHOUT ROWID;

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
  revoked_at INTEGER,
  last_used_at INTEGER
);

CREATE TABLE shares(
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,                -- by id, not by row: a share of a deleted session shows nothing
  digest BLOB NOT NULL UNIQUE,
  frozen INTEGER NOT NULL,
  until INTEGER NOT NULL,
  snapshot TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
);
CREATE INDEX shares_session ON shares(session_id);

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
