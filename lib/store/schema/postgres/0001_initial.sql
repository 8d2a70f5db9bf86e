-- The tables of schema/sqlite in PostgreSQL's words. Text is compared by its bytes (collation C), as SQLite does.
-- Times are milliseconds since 1970 (UTC). JSON columns hold minified text; NULL means that the field was absent.

CREATE TABLE meta(
  key TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

-- What lists show, filter and sort by, with running totals. Rewritten with nearly every message: keep it small.
CREATE TABLE sessions(
  pk BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  source TEXT COLLATE "C" NOT NULL,
  status BIGINT NOT NULL DEFAULT 0,       -- 0 active, 1 completed, 2 interrupted, 3 error
  inferred BIGINT NOT NULL DEFAULT 0,     -- 1: the status was concluded from silence
  mode TEXT COLLATE "C" NOT NULL DEFAULT '',
  name TEXT COLLATE "C" NOT NULL DEFAULT '',
  placeholder BIGINT NOT NULL DEFAULT 1,  -- 1 until conversation.started has come
  started_at BIGINT NOT NULL,
  completed_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_event_at BIGINT NOT NULL,
  last_sequence BIGINT NOT NULL DEFAULT 0,    -- the highest one
  latest_sequence BIGINT NOT NULL DEFAULT 0,  -- that of the message logged last
  messages BIGINT NOT NULL DEFAULT 0,
  tokens BIGINT NOT NULL DEFAULT 0,
  input_tokens BIGINT NOT NULL DEFAULT 0,
  output_tokens BIGINT NOT NULL DEFAULT 0,
  cache_read_tokens BIGINT NOT NULL DEFAULT 0,
  cache_write_tokens BIGINT NOT NULL DEFAULT 0,
  reasoning_tokens BIGINT NOT NULL DEFAULT 0,
  cost DOUBLE PRECISION,                                   -- NULL until a message carries one
  duration_ms BIGINT NOT NULL DEFAULT 0,
  errors BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor=70);                      -- room to rewrite a row where it lies
CREATE INDEX sessions_started ON sessions(started_at);

-- Conversations that were deleted: their events are refused from then on, unless something was put in their place.
CREATE TABLE tombstones(
  id TEXT COLLATE "C" PRIMARY KEY,
  n BIGINT NOT NULL,                      -- of the conversation.deleted in the log
  replaced BIGINT NOT NULL                -- 1: the id belongs to another session since
);

-- What changes seldom and may be long.
CREATE TABLE session_details(
  pk BIGINT PRIMARY KEY REFERENCES sessions(pk) ON DELETE CASCADE,
  initial_prompt TEXT COLLATE "C",
  max_turns BIGINT,
  source_format TEXT COLLATE "C",
  machine TEXT COLLATE "C",
  cwd TEXT COLLATE "C",
  git_branch TEXT COLLATE "C",
  parent_conversation_id TEXT COLLATE "C",
  system_info TEXT COLLATE "C",
  command TEXT COLLATE "C",
  metadata TEXT COLLATE "C",
  error_message TEXT COLLATE "C",
  reported_messages BIGINT,
  reported_turns BIGINT,
  reported_tokens BIGINT,
  reported_cost DOUBLE PRECISION,
  reported_duration_ms BIGINT,
  summary_n BIGINT                        -- the conversation.completed that brought the summary
);

CREATE INDEX details_parent ON session_details(parent_conversation_id) WHERE parent_conversation_id IS NOT NULL;

CREATE TABLE participants(
  session_pk BIGINT NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  ordinal BIGINT NOT NULL,
  agent_id TEXT COLLATE "C" NOT NULL,
  agent_type TEXT COLLATE "C" NOT NULL,
  agent_version TEXT COLLATE "C",
  model TEXT COLLATE "C",
  name TEXT COLLATE "C",
  prompt TEXT COLLATE "C",
  cli_version TEXT COLLATE "C",
  announcement TEXT COLLATE "C",
  settings TEXT COLLATE "C",
  extra TEXT COLLATE "C",
  PRIMARY KEY(session_pk, ordinal)
);

-- What sessions are filtered by, each value in the order of the list. Kept by the triggers below.
-- kind: 1 status, 2 source, 3 mode, 4 agent type, 5 model, 6 machine.
CREATE TABLE tags(
  kind BIGINT NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  started_at BIGINT NOT NULL,
  session_pk BIGINT NOT NULL,
  PRIMARY KEY(kind, value, started_at, session_pk)
);
CREATE INDEX tags_session ON tags(session_pk, kind);

-- Sessions that carry a tag; kind 0: all there are.
CREATE TABLE tag_counts(
  kind BIGINT NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  sessions BIGINT NOT NULL,
  PRIMARY KEY(kind, value)
);
INSERT INTO tag_counts VALUES(0, '', 0);

CREATE FUNCTION tags_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO tag_counts VALUES(NEW.kind, NEW.value, 1)
    ON CONFLICT(kind, value) DO UPDATE SET sessions=tag_counts.sessions+1;
  RETURN NULL;
END $$;
CREATE TRIGGER tags_added AFTER INSERT ON tags FOR EACH ROW EXECUTE FUNCTION tags_added();

CREATE FUNCTION tags_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE tag_counts SET sessions=sessions-1 WHERE kind=OLD.kind AND value=OLD.value;
  DELETE FROM tag_counts WHERE kind=OLD.kind AND value=OLD.value AND sessions=0;
  RETURN NULL;
END $$;
CREATE TRIGGER tags_removed AFTER DELETE ON tags FOR EACH ROW EXECUTE FUNCTION tags_removed();

CREATE FUNCTION sessions_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE tag_counts SET sessions=sessions+1 WHERE kind=0;
  INSERT INTO tags VALUES(1, NEW.status::text, NEW.started_at, NEW.pk), (2, NEW.source, NEW.started_at, NEW.pk);
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_added AFTER INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION sessions_added();

CREATE FUNCTION sessions_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE tag_counts SET sessions=sessions-1 WHERE kind=0;
  DELETE FROM tags WHERE session_pk=OLD.pk;
  RETURN OLD;
END $$;
CREATE TRIGGER sessions_removed BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION sessions_removed();

CREATE FUNCTION sessions_status() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM tags WHERE session_pk=NEW.pk AND kind=1;
  INSERT INTO tags VALUES(1, NEW.status::text, NEW.started_at, NEW.pk);
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_status AFTER UPDATE OF status ON sessions FOR EACH ROW
  WHEN (OLD.status<>NEW.status) EXECUTE FUNCTION sessions_status();

CREATE FUNCTION sessions_mode() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM tags WHERE session_pk=NEW.pk AND kind=3;
  INSERT INTO tags SELECT 3, NEW.mode, NEW.started_at, NEW.pk WHERE NEW.mode<>'';
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_mode AFTER UPDATE OF mode ON sessions FOR EACH ROW
  WHEN (OLD.mode<>NEW.mode) EXECUTE FUNCTION sessions_mode();

CREATE FUNCTION sessions_start() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE tags SET started_at=NEW.started_at WHERE session_pk=NEW.pk;
  RETURN NULL;
END $$;
CREATE TRIGGER sessions_start AFTER UPDATE OF started_at ON sessions FOR EACH ROW
  WHEN (OLD.started_at<>NEW.started_at) EXECUTE FUNCTION sessions_start();

CREATE FUNCTION details_machine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO tags SELECT 6, NEW.machine, started_at, pk FROM sessions WHERE pk=NEW.pk;
  RETURN NULL;
END $$;
CREATE TRIGGER details_machine AFTER UPDATE OF machine ON session_details FOR EACH ROW
  WHEN (OLD.machine IS NULL AND NEW.machine IS NOT NULL) EXECUTE FUNCTION details_machine();

CREATE FUNCTION participants_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO tags SELECT 4, NEW.agent_type, started_at, pk FROM sessions WHERE pk=NEW.session_pk
    ON CONFLICT DO NOTHING;
  INSERT INTO tags SELECT 5, NEW.model, started_at, pk FROM sessions WHERE pk=NEW.session_pk AND NEW.model IS NOT NULL
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER participants_told AFTER INSERT OR UPDATE OF model ON participants FOR EACH ROW
  EXECUTE FUNCTION participants_told();

CREATE FUNCTION participants_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM tags WHERE session_pk=OLD.session_pk AND kind=4 AND value=OLD.agent_type
    AND NOT EXISTS(SELECT 1 FROM participants WHERE session_pk=OLD.session_pk AND agent_type=OLD.agent_type);
  DELETE FROM tags WHERE session_pk=OLD.session_pk AND kind=5 AND value=OLD.model
    AND NOT EXISTS(SELECT 1 FROM participants WHERE session_pk=OLD.session_pk AND model=OLD.model);
  RETURN NULL;
END $$;
CREATE TRIGGER participants_removed AFTER DELETE ON participants FOR EACH ROW EXECUTE FUNCTION participants_removed();

-- The log: n grows in commit order. A message's content lies in messages under the same n, any other event's in data.
CREATE TABLE events(
  n BIGINT PRIMARY KEY,
  session_pk BIGINT,                      -- NULL: belongs to no session
  type TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  data TEXT COLLATE "C",
  dedup BIGINT,                           -- 64 bits of a hash over type, at and data; NULL for messages
  after_sequence BIGINT                   -- notes only: sequence of the message logged before
);
CREATE UNIQUE INDEX events_dedup ON events(session_pk, dedup) WHERE dedup IS NOT NULL;

CREATE TABLE messages(
  n BIGINT PRIMARY KEY,
  session_pk BIGINT NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  sequence BIGINT NOT NULL,
  at BIGINT NOT NULL,
  message_id TEXT COLLATE "C" NOT NULL,
  agent_id TEXT COLLATE "C" NOT NULL,
  agent_type TEXT COLLATE "C" NOT NULL,
  agent_name TEXT COLLATE "C",
  agent_version TEXT COLLATE "C",
  role TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  turn_number BIGINT,
  tokens_used BIGINT,
  input_tokens BIGINT,
  output_tokens BIGINT,
  cache_read_tokens BIGINT,
  cache_write_tokens BIGINT,
  reasoning_tokens BIGINT,
  cost DOUBLE PRECISION,
  cost_kind TEXT COLLATE "C",
  model TEXT COLLATE "C",
  duration_ms BIGINT,
  parent_message_id TEXT COLLATE "C",
  machine TEXT COLLATE "C",
  parts TEXT COLLATE "C",
  metadata TEXT COLLATE "C",
  client TEXT COLLATE "C",
  extra TEXT COLLATE "C"
);
CREATE UNIQUE INDEX messages_id ON messages(session_pk, message_id);
CREATE INDEX messages_place ON messages(session_pk, sequence);

-- Texts are found by their pieces of three characters, also inside of words.
CREATE INDEX messages_text ON messages USING gin(content gin_trgm_ops);
CREATE INDEX sessions_name_text ON sessions USING gin(name gin_trgm_ops);
CREATE INDEX details_prompt_text ON session_details USING gin(initial_prompt gin_trgm_ops);

CREATE INDEX events_errors ON events(at) WHERE type='conversation.error';

-- Sums of messages by time (span: length of the slot in ms, a minute and an hour), agent, model and source; '' unknown.
-- l0 to l19: how many took how long, see metrics.hpp.
CREATE TABLE rollups(
  span BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  agent_type TEXT COLLATE "C" NOT NULL,
  model TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  messages NUMERIC, input_tokens NUMERIC, output_tokens NUMERIC, tokens NUMERIC,
  cost DOUBLE PRECISION, estimated DOUBLE PRECISION,               -- reported and estimated; NULL: no message carried one
  errors NUMERIC,
  l0 NUMERIC, l1 NUMERIC, l2 NUMERIC, l3 NUMERIC, l4 NUMERIC, l5 NUMERIC, l6 NUMERIC, l7 NUMERIC, l8 NUMERIC,
  l9 NUMERIC, l10 NUMERIC, l11 NUMERIC, l12 NUMERIC, l13 NUMERIC, l14 NUMERIC, l15 NUMERIC, l16 NUMERIC, l17 NUMERIC,
  l18 NUMERIC, l19 NUMERIC,
  PRIMARY KEY(span, slot, agent_type, model, source)
);

CREATE TABLE keys(
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  masked TEXT COLLATE "C" NOT NULL,
  digest BYTEA NOT NULL UNIQUE,
  can_ingest BIGINT NOT NULL,
  can_read BIGINT NOT NULL,
  can_admin BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT
);

CREATE TABLE shares(
  id TEXT COLLATE "C" PRIMARY KEY,
  session_id TEXT COLLATE "C" NOT NULL,                -- by id, not by row: a share of a deleted session shows nothing
  digest BYTEA NOT NULL UNIQUE,
  frozen BIGINT NOT NULL,
  until BIGINT NOT NULL,
  snapshot TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT
);
CREATE INDEX shares_session ON shares(session_id);

-- Names that senders gave their requests (digests), kept for a day.
CREATE TABLE idempotency(
  key BYTEA PRIMARY KEY,
  body BYTEA NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX idempotency_at ON idempotency(at);

-- How far each numbered source (a sender's queue) has come: its records up to last_n are dealt with.
CREATE TABLE sources(
  id TEXT COLLATE "C" PRIMARY KEY,
  last_n BIGINT NOT NULL,
  missing BIGINT NOT NULL DEFAULT 0,      -- records that the sender declared lost
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- What was refused, until the source shows by going on that it knows.
CREATE TABLE rejections(
  source_id TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY(source_id, n)
);
