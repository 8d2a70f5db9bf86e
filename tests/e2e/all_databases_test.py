"""Agents that keep all their sessions in one database."""

import os
import time

from all_follow_test import Following
from all_test import OLD, Agents, agentpipe
from database_agents import Goose, OpenCode

GOOSE_DB = ".local/share/goose/sessions/sessions.db"
OPENCODE_DB = ".local/share/opencode/opencode.db"


class UploadDatabases(Agents):
    def setUp(self):
        super().setUp()
        self.tool = OpenCode(self.home / OPENCODE_DB)
        self.addCleanup(self.tool.close)

    def fill_database(self):
        self.tool.session("ses_1", OLD)
        self.tool.turn("ses_1", OLD + 1)
        self.tool.session("ses_2", OLD + 86400, parent="ses_1")
        self.tool.turn("ses_2", OLD + 86401)

    def rest(self, changed=OLD):
        """As if nobody had written for days."""
        for path in self.tool.path.parent.glob("opencode.db*"):
            os.utime(path, (changed, changed))

    def sum(self, *arguments):
        done = self.run_bridge("upload", "--all", *arguments)
        self.assertEqual(done.code, 0, done.err)
        return done.out.splitlines()[-1]

    def test_its_sessions_are_uploaded_once_and_grow(self):
        self.fill_database()
        self.rest()
        before = sorted(self.tool.path.parent.iterdir())
        self.assertEqual(self.sum(), "2 sessions: 2 new, 0 grown, 0 unchanged; 0 failed")
        self.assertEqual(self.sessions(), {"opencode:ses_1": 2, "opencode:ses_2": 2})
        self.assertEqual(self.sum(), "2 sessions: 0 new, 0 grown, 2 unchanged; 0 failed")
        self.tool.turn("ses_1", OLD + 90000)  # only the write-ahead log changes
        self.rest(OLD + 90000)
        self.assertEqual(self.sum(), "2 sessions: 0 new, 1 grown, 1 unchanged; 0 failed")
        self.assertEqual(self.sessions(), {"opencode:ses_1": 4, "opencode:ses_2": 2})
        self.assertEqual(sorted(self.tool.path.parent.iterdir()), before)
        self.assertEqual(self.tool.check(), "ok")

    def test_status_knows_what_is_uploaded(self):
        self.fill_database()
        self.rest()
        self.sum()
        row = {r["name"]: r for r in self.run_bridge("status", "--json").json()["sources"]}["opencode"]
        self.assertEqual((row["files"], row["not_uploaded"]), (1, 0))
        self.tool.turn("ses_1", OLD + 90000)
        row = {r["name"]: r for r in self.run_bridge("status", "--json").json()["sources"]}["opencode"]
        self.assertEqual(row["not_uploaded"], 1)

    def test_since_chooses_sessions_and_a_dry_run_sends_nothing(self):
        self.fill_database()
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(OLD + 3600))
        done = self.run_bridge("upload", "--dry-run", "--since", since, self.tool.path)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(done.out.splitlines()[-1], "1 session: 1 would be sent")
        self.assertEqual(self.sessions(), {})

    def test_a_session_in_use_goes_without_its_last_words(self):
        now = time.time()
        self.tool.session("ses_1", now)
        self.tool.turn("ses_1", now)
        self.tool.say("ses_1", "user", "And a la", now + 2)
        self.assertEqual(self.sum(), "1 session: 1 new, 0 grown, 0 unchanged; 0 failed")
        self.assertEqual(self.sessions(), {"opencode:ses_1": 2})


class UploadGoose(Agents):
    def setUp(self):
        super().setUp()
        self.tool = Goose(self.home / GOOSE_DB)
        self.addCleanup(self.tool.close)

    def sum(self, *arguments):
        done = self.run_bridge("upload", "--all", *arguments)
        self.assertEqual(done.code, 0, done.err)
        return done.out.splitlines()[-1]

    def test_sessions_are_uploaded_once_and_grow_with_their_costs(self):
        self.tool.session("20260105_1", OLD)
        self.tool.turn("20260105_1", OLD + 1)
        self.tool.session("20260105_2", OLD + 60)
        self.tool.turn("20260105_2", OLD + 61)
        self.assertEqual(self.sum(), "2 sessions: 2 new, 0 grown, 0 unchanged; 0 failed")
        self.assertEqual(self.sum(), "2 sessions: 0 new, 0 grown, 2 unchanged; 0 failed")
        self.tool.turn("20260105_2", OLD + 70)
        self.assertEqual(self.sum("--dry-run"), "2 sessions: 2 would be sent")
        self.assertEqual(self.sum(), "2 sessions: 0 new, 1 grown, 1 unchanged; 0 failed")
        self.assertEqual(sorted((s["totalMessages"], s["totalTokens"], s["totalCost"]) for s in self.server.get("/api/sessions")["sessions"]),
                         [(2, 8, 0.5), (4, 16, 1.0)])
        self.assertEqual(self.tool.check(), "ok")


class FollowDatabases(Following):
    def test_a_database_that_grows_is_followed_and_its_program_never_waits(self):
        tool = OpenCode(self.home / OPENCODE_DB)
        self.addCleanup(tool.close)
        tool.session("ses_old", OLD)
        tool.turn("ses_old", OLD + 1)
        self.put(".agentpipe/events/events_e-1.jsonl", agentpipe("e-1"), changed=time.time() + 5)
        process = self.follow()
        self.wait_for({"e-1": 1})  # it is there
        now = time.time()
        tool.session("ses_1", now)
        expected = {"e-1": 1, "opencode:ses_1": 0}
        for turn in range(20):
            tool.turn("ses_1", now + 2 * turn)
            expected["opencode:ses_1"] += 2
            if turn % 5 == 0:
                self.wait_for(expected)
        self.wait_for(expected)
        self.assertEqual(tool.check(), "ok")
        self.end(process)
        tool.turn("ses_1", now + 100)  # while no bridge runs
        expected["opencode:ses_1"] += 2
        process = self.follow()
        self.wait_for(expected)
        self.end(process)

    def test_goose_is_followed_too(self):
        tool = Goose(self.home / GOOSE_DB)
        self.addCleanup(tool.close)
        self.put(".agentpipe/events/events_e-1.jsonl", agentpipe("e-1"), changed=time.time() + 5)
        process = self.follow()
        self.wait_for({"e-1": 1})
        now = time.time()
        tool.session("s", now)
        for turn in range(5):
            tool.turn("s", now + 2 * turn)
            self.wait_for({"e-1": 1, "goose:s": 2 * turn + 2})
        self.assertEqual(tool.check(), "ok")
        self.end(process)

    def test_killed_while_it_is_written_nothing_is_lost_or_doubled(self):
        tool = OpenCode(self.home / OPENCODE_DB)
        self.addCleanup(tool.close)
        self.put(".agentpipe/events/events_e-1.jsonl", agentpipe("e-1"), changed=time.time() + 5)
        process = self.follow()
        self.wait_for({"e-1": 1})
        now = time.time()
        tool.session("ses_1", now)
        for turn in range(30):
            tool.turn("ses_1", now + 2 * turn)
            if turn % 5 == 0:  # somewhere between reading and remembering
                process.kill()
                process.wait()
                process = self.follow()
        self.wait_for({"e-1": 1, "opencode:ses_1": 60})
        self.end(process)
        contents = [m["content"] for m in self.server.get("/api/sessions/opencode:ses_1/messages?limit=100")["messages"]]
        self.assertEqual(contents, ["Name a river", "Danube"] * 30)
        self.assertEqual(tool.check(), "ok")


del Following, Agents
