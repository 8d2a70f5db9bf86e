"""stream --follow --all: running sessions of every agent."""

import json
import os
import subprocess
import time

from all_test import OLD, Agents, agentpipe, aider, claude, codex, event, gemini, record
from harness import BINARY, PATIENCE


class Following(Agents):
    """A bridge that follows, and a watcher who sees what arrives."""

    def setUp(self):
        super().setUp()
        self.watcher = self.server.stream("/api/realtime/stream")

    def follow(self, *arguments):
        process = subprocess.Popen([BINARY, "stream", "--follow", "--all", *arguments], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment, cwd=self.home)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def end(self, process):
        process.terminate()
        _, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, err)

    def wait_for(self, expected):
        while self.sessions() != expected:
            self.watcher.next()

    def append(self, path, text):
        with open(path, "a") as file:
            file.write(text)


class FollowAll(Following):
    def test_running_sessions_appear_and_history_is_left_to_upload(self):
        self.fill()
        running = self.put(".claude/projects/-work-rivers/s-2.jsonl", claude("s-2", fork_of="s-2"), changed=time.time() + 5)
        process = self.follow()
        expected = {"claude-code:s-2": 2}
        self.wait_for(expected)
        self.append(running, record("user", "s-2", "s-2-v", "Another", "s-2-a"))
        expected["claude-code:s-2"] = 3
        self.wait_for(expected)
        self.put(".codex/sessions/2026/01/06/rollout-2026-01-06T08-00-00-c-2.jsonl", codex("c-2"), changed=time.time() + 5)
        expected["codex:c-2"] = 2
        self.wait_for(expected)
        self.end(process)
        done = self.run_bridge("upload", "--all")
        self.assertEqual(done.code, 0, done.err)
        self.assertTrue(done.out.splitlines()[-1].startswith("6 sessions: 4 new, "), done.out)
        self.assertEqual({k: v for k, v in self.sessions().items() if k in expected}, expected)

    def test_what_is_written_while_no_bridge_runs_is_not_missed(self):
        process = self.follow()
        first = self.put(".agentpipe/events/events_e-1.jsonl", agentpipe("e-1"), changed=time.time() + 5)
        self.wait_for({"e-1": 1})
        self.end(process)
        agent = {"agent_id": "a-0", "agent_type": "a"}
        self.append(first, event("message.created", "e-1", message_id="m-2", role="agent", content="more", **agent))
        self.put(".gemini/tmp/rivers/chats/session-2.jsonl", gemini("g-2"), changed=time.time() + 5)
        process = self.follow()
        self.wait_for({"e-1": 2, "gemini:g-2": 1})  # its last message may still change
        self.end(process)

    def test_a_clock_that_ran_ahead_the_first_time_hides_nothing_once_it_is_right(self):
        state = self.home / ".local/state/agentpipe"
        state.mkdir(parents=True, mode=0o700)
        (state / "following-since").write_text("2199-01-01T00:00:00Z\n")
        process = self.follow()
        self.put(".gemini/tmp/rivers/chats/session-2.jsonl", gemini("g-2"), changed=time.time() + 5)
        self.wait_for({"gemini:g-2": 1})
        self.end(process)

    def test_a_fork_of_a_session_shows_only_what_is_new_in_it(self):
        self.put(".claude/projects/p/z-parent.jsonl", claude("s-1"))
        process = self.follow()
        fork = claude("s-2", fork_of="s-1", more=record("user", "s-2", "s-2-v", "And a lake?", "s-1-a"))
        self.put(".claude/projects/p/a-fork.jsonl", fork, changed=time.time() + 5)
        self.wait_for({"claude-code:s-2": 1})
        first = json.dumps({"type": "file-history-snapshot", "messageId": "x", "snapshot": {}}) + "\n"  # no copy of anything
        slow = self.put(".claude/projects/p/b-fork.jsonl", first, changed=time.time() + 5)
        self.put(".claude/projects/p/c-other.jsonl", claude("s-4", fork_of="s-4"), changed=time.time() + 5)
        self.wait_for({"claude-code:s-2": 1, "claude-code:s-4": 2})  # b-fork was looked at before
        self.append(slow, claude("s-3", fork_of="s-1", more=record("user", "s-3", "s-3-v", "And a sea?", "s-1-a")))
        self.wait_for({"claude-code:s-2": 1, "claude-code:s-3": 1, "claude-code:s-4": 2})
        self.end(process)

    def test_aider_is_followed_in_projects_that_the_settings_list_also_new_ones(self):
        self.environment["AGENTPIPE_PROJECT_FOLDERS"] = "~/src"
        process = self.follow()
        self.put("src/one/.aider.chat.history.md", aider("2026-01-05") + aider("2026-01-06"), changed=time.time() + 5)
        while sorted(self.sessions().values()) != [2, 2]:
            self.watcher.next()
        self.end(process)

    def test_since_takes_history_along_and_source_leaves_others_out(self):
        self.fill()
        process = self.follow("--since", "30d", "--source", "codex")
        self.wait_for({"codex:c-1": 2})
        self.end(process)

    def test_wrong_uses_are_told(self):
        for arguments, word in ((("--all",), "--follow"), (("--follow", "--all", "--source", "clod"), "clod"),
                                (("--follow", "--all", "--since", "noon"), "--since")):
            with self.subTest(arguments):
                done = self.run_bridge("stream", *arguments)
                self.assertEqual(done.code, 2, done.err)
                self.assertIn(word, done.err)


class StatusOfSources(Agents):
    def rows(self):
        done = self.run_bridge("status", "--json")
        self.assertEqual(done.code, 0, done.err)
        return {row["name"]: row for row in done.json()["sources"]}

    def test_it_counts_what_is_not_uploaded_and_warns_of_what_will_be_deleted(self):
        self.fill()
        self.put(".claude/projects/-work-rivers/s-9.jsonl", claude("s-9", fork_of="s-9"), changed=time.time() - 25 * 86400)
        claude_row = self.rows()["claude-code"]
        self.assertEqual([claude_row[key] for key in ("files", "not_uploaded", "deleted_soon", "soon_days", "days_kept")], [2, 2, 1, 10, 30])
        text = self.run_bridge("status").out
        self.assertIn("Claude Code: 2 files", text)
        self.assertIn("Claude Code deletes 1 of these within 10 days", text)
        self.put(".claude/settings.json", json.dumps({"cleanupPeriodDays": 365}))
        self.assertEqual([self.rows()["claude-code"][key] for key in ("deleted_soon", "days_kept")], [0, 365])
        self.assertEqual(self.run_bridge("upload", "--all").code, 0)
        self.assertEqual({name: row["not_uploaded"] for name, row in self.rows().items()},
                         {"agentpipe": 0, "claude-code": 0, "codex": 0, "gemini": 0})
        os.utime(self.claude_file, (OLD + 9, OLD + 9))
        self.assertEqual(self.rows()["claude-code"]["not_uploaded"], 1)

    def claude_row(self):
        row = self.rows()["claude-code"]
        return row["files"], row["not_uploaded"], row["in_use"]

    def test_named_files_count_and_what_was_in_use_a_while_ago_too_until_it_changes(self):
        a_while = time.time() - 600
        path = self.put(".claude/projects/p/s-1.jsonl", claude("s-1"), changed=a_while)
        self.assertEqual(self.claude_row(), (1, 1, 0))
        self.assertEqual(self.run_bridge("upload", "../s-1.jsonl", cwd=self.put(".claude/projects/p/sub/x", "").parent).code, 0)
        self.assertEqual(self.claude_row(), (1, 0, 0))
        self.assertIn("Claude Code: 1 file, ", self.run_bridge("status").out)
        self.put(path, claude("s-1") + record("user", "s-1", "s-1-v", "Another", "s-1-a"), changed=a_while + 60)
        self.assertEqual(self.claude_row(), (1, 1, 0))
        self.assertEqual(self.run_bridge("upload", "--all").code, 0)
        self.assertEqual(self.claude_row(), (1, 0, 0))

    def test_what_was_uploaded_while_it_was_in_use_gets_its_end_later(self):
        path = self.put(".agentpipe/events/events_e-1.jsonl", agentpipe("e-1"), changed=time.time() - 600)
        state = lambda: self.server.get("/api/sessions/e-1")["status"]
        self.assertEqual(self.run_bridge("upload", "--all").code, 0)
        self.assertEqual((state(), self.rows()["agentpipe"]["not_uploaded"]), ("ACTIVE", 0))
        os.utime(path, (OLD, OLD))
        self.assertEqual(self.run_bridge("upload", "--all").code, 0)
        self.assertEqual((state(), self.rows()["agentpipe"]["not_uploaded"]), ("INTERRUPTED", 0))

    def test_what_is_being_written_is_told_apart(self):
        self.put(".claude/projects/p/s-1.jsonl", claude("s-1"), changed=time.time())
        self.assertEqual(self.run_bridge("upload", ".claude/projects/p/s-1.jsonl").code, 0)
        self.assertEqual(self.claude_row(), (1, 1, 1))
        self.assertIn("; 1 not uploaded, 1 of them being written\n", self.run_bridge("status").out)
