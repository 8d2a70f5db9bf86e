#!/usr/bin/env python3
"""Is what was produced what is stored? In order, each event once, unaltered; totals are the sums of the rows; what live
subscribers were sent is the log.

    checker.py DATABASE --seed N [--events N] [--bytes N] [--session ID]     a session of generator.py with these options

Reads the server's SQLite file directly; the server may be running. The exit code is 0 only when nothing is wrong."""

import argparse
import collections
import json
import sqlite3
import sys

import generator

FAULTS = ("lost", "doubled", "reordered", "altered", "wrong")


class Findings:
    """Counts by kind of fault, and a sentence for each of the first few."""

    def __init__(self):
        self.counts = collections.Counter()
        self.notes = []

    def add(self, kind, note, count=1):
        self.counts[kind] += count
        if len(self.notes) < 20:
            self.notes.append(f"{kind}: {note}")

    def __bool__(self):
        return any(self.counts.values())


def open_database(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10, check_same_thread=False)
    database.row_factory = sqlite3.Row
    return database


def stored_rows(database, session):
    """What is stored of a session, in the order of the log."""
    return database.execute(
        "SELECT e.n, e.type, e.data, m.message_id, m.content, m.tokens_used FROM events e JOIN sessions s ON s.pk=e.session_pk "
        "LEFT JOIN messages m ON m.n=e.n WHERE s.id=? ORDER BY e.n", (session,)).fetchall()


def count_stored(database, session):
    row = database.execute("SELECT count(*) FROM events e JOIN sessions s ON s.pk=e.session_pk WHERE s.id=?", (session,))
    return row.fetchone()[0]


def mark_of(row):
    """What generator.Event.mark says of the event in this row."""
    if row["type"] == "message.created":
        return row["content"].split(" ")[0]
    if row["type"] == "log.entry":
        return json.loads(row["data"])["content"].split(" ")[0]
    return row["type"].removeprefix("conversation.")


def same(row, event):
    if row["type"] != event.kind:
        return False
    if row["type"] == "message.created":
        return (row["content"], row["message_id"], row["tokens_used"]) == tuple(
            event.data[key] for key in ("content", "message_id", "tokens_used"))
    stored = json.loads(row["data"])
    return row["type"] != "log.entry" or stored["content"] == event.data["content"]


def is_gap_note(row):
    return row["type"] == "log.entry" and "gap" in json.loads(row["data"]).get("metadata", {})


def check_session(database, session, expected=None, findings=None):
    """`expected`: how many of its events must be there, from the first on; all without it. More are not allowed."""
    findings = findings or Findings()
    events = session.events[:len(session.events) if expected is None else expected]
    place = {event.mark: index for index, event in enumerate(session.events)}
    rows = stored_rows(database, session.id)
    seen = collections.Counter()
    highest = -1
    declared = 0
    for row in rows:
        if is_gap_note(row):
            declared += json.loads(row["data"])["metadata"]["gap"]["count"]
            continue
        mark = mark_of(row)
        if mark not in place:
            findings.add("wrong", f"{session.id}: {row['type']} at {row['n']} was never produced")
            continue
        at = place[mark]
        seen[at] += 1
        if seen[at] > 1:
            findings.add("doubled", f"{session.id}: event {at + 1} again at {row['n']}")
        elif at < highest:
            findings.add("reordered", f"{session.id}: event {at + 1} at {row['n']} came after event {highest + 1}")
        highest = max(highest, at)
        if not same(row, session.events[at]):
            findings.add("altered", f"{session.id}: event {at + 1} at {row['n']}")
    missing = [index + 1 for index in range(len(events)) if index not in seen]
    if declared != len(missing) and (missing or declared):
        findings.add("lost", f"{session.id}: {len(missing)} events are missing, {declared} of them declared: {missing[:10]}",
                     max(len(missing) - declared, 1))
    extra = sum(1 for index in seen if index >= len(events))
    if extra:
        findings.add("wrong", f"{session.id}: {extra} events are stored that nobody knew to be accepted")
    check_totals(database, session.id, findings)
    return findings


def check_existing(tables, session, findings):
    """The same for existing_server.Tables, which take no log entries and write messages' ids their own way."""
    said = [event.data["content"] for event in session.events if event.kind == "message.created"]
    row = tables.conversations.get(session.id, {})
    stored = [message["content"] for message in row.get("messages", ())]
    times = collections.Counter(stored)
    missing = [content for content in said if content not in times]
    if missing:
        findings.add("lost", f"{session.id}: {len(missing)} of {len(said)} messages", len(missing))
    doubled = [content for content, count in times.items() if count > 1]
    if doubled:
        findings.add("doubled", f"{session.id}: {len(doubled)} messages", len(doubled))
    strange = [content for content in times if content not in said]
    if strange:
        findings.add("altered", f"{session.id}: {len(strange)} messages, the first is {strange[0][:60]}", len(strange))
    if not missing and not doubled and not strange and stored != said:
        findings.add("reordered", session.id)
    kinds = [kind for kind, conversation, _ in tables.log if conversation == session.id]
    if kinds[:1] != ["conversation.started"] or kinds.count("conversation.started") != 1:
        findings.add("wrong", f"{session.id}: begins with {kinds[:3]}")
    if (row.get("status"), row.get("totalTokens")) != ("COMPLETED", session.tokens):
        findings.add("wrong", f"{session.id}: {row.get('status')} with {row.get('totalTokens')} tokens in place of {session.tokens}")


def messages_of(database, session):
    return [row["content"] for row in database.execute(
        "SELECT m.content FROM messages m JOIN sessions s ON s.pk=m.session_pk WHERE s.id=? ORDER BY m.n", (session,))]


def check_said(database, session, said, findings):
    """Are the messages of a session exactly these?"""
    stored = messages_of(database, session)
    times = collections.Counter(stored)
    missing = [content for content in said if content not in times]
    if missing:
        findings.add("lost", f"{session}: {len(missing)} of {len(said)} messages are missing, the first is {missing[0][:40]}",
                     len(missing))
    doubled = [content for content, count in times.items() if count > 1]
    if doubled:
        findings.add("doubled", f"{session}: {len(doubled)} messages, the first is {doubled[0][:40]}", len(doubled))
    known = set(said)
    strange = [content for content in stored if content not in known]
    if strange:
        findings.add("altered", f"{session}: {len(strange)} messages, the first is {strange[0][:60]}", len(strange))
    if not missing and not doubled and not strange and stored != said:
        findings.add("reordered", session)
    check_totals(database, session, findings)


def check_totals(database, session, findings):
    row = database.execute(
        "SELECT s.messages, s.tokens, (SELECT count(*) FROM messages m WHERE m.session_pk=s.pk) AS rows, "
        "(SELECT coalesce(sum(tokens_used), 0) FROM messages m WHERE m.session_pk=s.pk) AS sum "
        "FROM sessions s WHERE s.id=?", (session,)).fetchone()
    if row and (row["messages"], row["tokens"]) != (row["rows"], row["sum"]):
        findings.add("wrong", f"{session}: totals are {row['messages']} messages, {row['tokens']} tokens; "
                              f"the rows are {row['rows']} and {row['sum']}")


def check_transcript(database, frames, findings=None):
    """`frames`: (id, type) of everything one subscriber was sent, over all its connections."""
    findings = findings or Findings()
    numbers = [int(frame_id.rsplit("-", 1)[1]) for frame_id, _ in frames]
    log = [(row["n"], row["type"]) for row in
           database.execute("SELECT n, type FROM events WHERE session_pk IS NOT NULL ORDER BY n")]
    if numbers != sorted(set(numbers)):
        findings.add("reordered", "the live stream repeats or turns back")
    sent = set(numbers)
    for number, kind in log:
        if number not in sent:
            findings.add("lost", f"{kind} at {number} was not sent to a live subscriber")
    return findings


def check_integrity(database, findings=None):
    findings = findings or Findings()
    verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        findings.add("wrong", f"integrity_check: {verdict}")
    return findings


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--bytes", type=int, default=200)
    parser.add_argument("--session")
    options = parser.parse_args()
    database = open_database(options.database)
    session = generator.Session(options.seed, options.events, options.bytes, options.session)
    findings = check_integrity(database, check_session(database, session))
    print(f"{len(session.events)} produced, {count_stored(database, session.id)} stored: "
          + ", ".join(f"{findings.counts[kind]} {kind}" for kind in FAULTS))
    for note in findings.notes:
        print(note)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
