"""stream --follow --all and status over agents whose files tell little: Copilot CLI, Cursor."""

import time

from all_follow_test import Following
from all_test import copilot, copilot_record, cursor_record

CURSOR = ".cursor/projects/work-bays/agent-transcripts"


class FollowTranscripts(Following):
    def row(self, name):
        return {row["name"]: row for row in self.run_bridge("status", "--json").json()["sources"]}[name]

    def test_copilot_sessions_appear_as_they_are_written_and_upload_adds_nothing(self):
        process = self.follow()
        path = self.put(".copilot/session-state/p-1/events.jsonl", copilot("p-1"), changed=time.time() + 5)
        self.wait_for({"copilot:p-1": 2})
        self.append(path, copilot_record("user.message", "p-4", content="Another"))
        self.wait_for({"copilot:p-1": 3})
        self.end(process)
        self.assertEqual(self.row("copilot")["files"], 1)
        done = self.run_bridge("upload", "--all")
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(self.sessions(), {"copilot:p-1": 3})

    def test_cursor_transcripts_appear_as_they_are_written_and_upload_adds_nothing(self):
        process = self.follow()
        said = cursor_record("user", "<user_query>Name a bay</user_query>") + cursor_record("assistant", "Hudson")
        path = self.put(f"{CURSOR}/c-1/c-1.jsonl", said, changed=time.time() + 5)
        self.wait_for({"cursor:c-1": 2})
        self.append(path, cursor_record("user", "<user_query>Another</user_query>"))
        self.wait_for({"cursor:c-1": 3})
        self.end(process)
        self.assertEqual(self.row("cursor")["files"], 1)
        done = self.run_bridge("upload", "--all")
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(self.sessions(), {"cursor:c-1": 3})
