"""Databases as OpenCode and Goose write them, with another program's connection."""

import json
import sqlite3

OPENCODE = """
CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT NOT NULL, parent_id TEXT, directory TEXT NOT NULL,
  title TEXT NOT NULL, time_created INTEGER NOT NULL, time_updated INTEGER NOT NULL);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT NOT NULL, session_id TEXT NOT NULL, time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL, data TEXT NOT NULL);
"""


class OpenCode:
    """The tool itself: it keeps its database open."""

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=0)  # it must never have to wait for us
        self.connection.execute("PRAGMA journal_mode=wal")
        self.connection.executescript(f"BEGIN; {OPENCODE} COMMIT")
        self.count = 0

    def session(self, session, at, parent=None):
        ms = int(at * 1000)
        self.connection.execute("INSERT INTO session VALUES (?,'p',?,'/work/rivers',?,?,?)", (session, parent, f"Rivers {session}", ms, ms))

    def say(self, session, role, text, at):
        self.count += 1
        ms, message = int(at * 1000), f"msg_{session}_{self.count:04}"
        data = {"role": role, "time": {"created": ms}}
        if role == "assistant":
            data |= {"modelID": "claude-sonnet-4-5", "cost": 0, "tokens": {"input": 3, "output": 5, "reasoning": 0, "cache": {"read": 7, "write": 2}}}
            data["time"]["completed"] = ms + 1
        with self.connection:
            self.connection.execute("BEGIN")
            self.connection.execute("INSERT INTO message VALUES (?,?,?,?,?)", (message, session, ms, ms, json.dumps(data)))
            self.connection.execute("INSERT INTO part VALUES (?,?,?,?,?,?)",
                                    (f"prt_{message}", message, session, ms, ms, json.dumps({"type": "text", "text": text})))

    def turn(self, session, at):
        self.say(session, "user", "Name a river", at)
        self.say(session, "assistant", "Danube", at + 1)

    def check(self):
        """Is it as it should be?"""
        return self.connection.execute("PRAGMA integrity_check").fetchone()[0]

    def close(self):
        self.connection.close()


GOOSE = """
CREATE TABLE sessions (id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', session_type TEXT NOT NULL DEFAULT 'user',
  working_dir TEXT NOT NULL, created_at TIMESTAMP, updated_at TIMESTAMP, model_config_json TEXT, parent_session_id TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT, session_id TEXT NOT NULL, role TEXT NOT NULL,
  content_json TEXT NOT NULL, created_timestamp INTEGER NOT NULL, metadata_json TEXT);
CREATE TABLE usage_ledger (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, created_timestamp INTEGER NOT NULL,
  model TEXT, input_tokens INTEGER, output_tokens INTEGER, cache_read_tokens INTEGER, cache_write_tokens INTEGER, cost REAL,
  cost_source TEXT);
"""


class Goose:
    """The tool itself: it keeps its database open."""

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=0)  # it must never have to wait for us
        self.connection.execute("PRAGMA journal_mode=wal")
        self.connection.executescript(GOOSE)

    def session(self, session, at):
        self.connection.execute("INSERT INTO sessions (id, working_dir, created_at, updated_at) VALUES "
                                "(?1,'/work/rivers',datetime(?2,'unixepoch'),datetime(?2,'unixepoch'))", (session, int(at)))

    def say(self, session, role, text, at):
        self.connection.execute("INSERT INTO messages (session_id, role, content_json, created_timestamp) VALUES (?,?,?,?)",
                                (session, role, json.dumps([{"type": "text", "text": text}]), int(at)))

    def turn(self, session, at):
        self.say(session, "user", "Name a river", at)
        self.say(session, "assistant", "Danube", at + 1)
        self.connection.execute("INSERT INTO usage_ledger (session_id, created_timestamp, model, input_tokens, output_tokens, cost, "
                                "cost_source) VALUES (?,?,'claude-sonnet-4-5',3,5,0.5,'provider_reported')", (session, int(at) + 1))

    def check(self):
        """Is it as it should be?"""
        return self.connection.execute("PRAGMA integrity_check").fetchone()[0]

    def close(self):
        self.connection.close()
