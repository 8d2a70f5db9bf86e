"""stream --follow --all and status over agents whose files tell little: Copilot CLI, Cursor."""

import time

from all_follow_test import Following
from all_test import copilot, copilot_record, cursor_record


class FollowTranscripts(Following):
    def appears_as_it_grows_and_upload_adds_nothing(self, source, session, path, text, more):
        process = self.follow()
        path = self.put(path, text, changed=time.time() + 5)
        self.wait_for({session: 2})
        self.append(path, more)
        self.wait_for({session: 3})
        self.end(process)
        rows = self.run_bridge("status", "--json").json()["sources"]
        self.assertEqual([(row["name"], row["files"]) for row in rows], [(source, 1)])
        done = self.run_bridge("upload", "--all")
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(self.sessions(), {session: 3})

    def test_copilot(self):
        self.appears_as_it_grows_and_upload_adds_nothing(
            "copilot", "copilot:p-1", ".copilot/session-state/p-1/events.jsonl", copilot("p-1"),
            copilot_record("user.message", "p-4", content="Another"))

    def test_cursor(self):
        said = cursor_record("user", "<user_query>Name a bay</user_query>") + cursor_record("assistant", "Hudson")
        self.appears_as_it_grows_and_upload_adds_nothing(
            "cursor", "cursor:c-1", ".cursor/projects/work-bays/agent-transcripts/c-1/c-1.jsonl", said,
            cursor_record("user", "<user_query>Another</user_query>"))
