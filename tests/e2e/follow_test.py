import json
import os
import signal
import subprocess

from harness import BINARY, PATIENCE, Case

AGENT = {"agent_id": "a-0", "agent_type": "a"}


def event(kind, session, **data):
    return json.dumps({"type": kind, "timestamp": "2026-01-05T08:00:04Z", "data": {"conversation_id": session, **data}}) + "\n"


def started(session="c-1"):
    return event("conversation.started", session, mode="m", initial_prompt="p", participants=[AGENT])


def message(number, session="c-1"):
    return event("message.created", session, message_id=f"m-{number}", role="agent", content=f"word {number}", **AGENT)


class Follow(Case):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.set_up_client(self.server)
        self.watcher = self.server.stream("/api/realtime/stream")
        self.folder = self.home / "events"
        self.folder.mkdir()
        self.file = self.folder / "a.jsonl"
        self.file.write_text(started() + message(1))

    def follow(self, *arguments):
        process = subprocess.Popen([BINARY, "stream", "--follow", *map(str, arguments)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment, cwd=self.home)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def end(self, process, kind=signal.SIGINT):
        """Asks it to end: the last line of what it said."""
        process.send_signal(kind)
        _, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, err)
        return err.decode().splitlines()[-1]

    def append(self, text, path=None):
        with open(path or self.file, "a") as file:
            file.write(text)

    def stored(self, session="c-1"):
        status, _, content = self.server.request("GET", f"/api/sessions/{session}/messages")
        return [int(m["content"].split()[1]) for m in json.loads(content)["messages"]] if status == 200 else None

    def wait_for(self, numbers, session="c-1"):
        """Until exactly these messages are stored; each look waits for an event."""
        while self.stored(session) != list(numbers):
            self.watcher.next()

    def test_lines_appear_as_they_are_finished_and_a_restart_goes_on_where_it_was(self):
        process = self.follow(self.file)
        self.wait_for([1])
        half, rest = message(3)[:40], message(3)[40:]
        self.append(message(2) + half)
        self.wait_for([1, 2])
        self.append(rest)
        self.wait_for([1, 2, 3])
        self.assertIn("4 events delivered", self.end(process))
        self.append(message(4))
        process = self.follow(self.file)
        self.wait_for([1, 2, 3, 4])
        self.assertIn("1 event delivered", self.end(process, signal.SIGTERM))
        offsets = self.home / ".local/state/agentpipe/offsets"
        self.assertEqual(offsets.stat().st_mode & 0o777, 0o600)

    def test_in_a_folder_new_files_and_new_folders_are_followed_too(self):
        process = self.follow(self.folder)
        self.wait_for([1])
        (self.folder / "b.jsonl").write_text(started("c-2") + message(1, "c-2"))
        self.wait_for([1], "c-2")
        (self.folder / "deep").mkdir()
        (self.folder / "deep/c.jsonl").write_text(started("c-3") + message(1, "c-3"))
        self.wait_for([1], "c-3")
        self.append(message(2, "c-3"), self.folder / "deep/c.jsonl")
        self.wait_for([1, 2], "c-3")
        (self.folder / "notes.txt").write_text("no session\n")
        self.assertNotIn("could not be read", self.end(process))

    def test_a_file_that_is_rotated_replaced_or_truncated_loses_and_doubles_nothing(self):
        process = self.follow(self.file)
        self.wait_for([1])
        self.append(message(2))
        self.file.rename(self.folder / "a.jsonl.1")
        self.file.write_text(started("c-2") + message(1, "c-2"))
        self.wait_for([1], "c-2")
        self.wait_for([1, 2])
        other = self.home / "other"
        other.write_text(started("c-3") + message(1, "c-3"))
        other.rename(self.file)
        self.wait_for([1], "c-3")
        self.file.write_text(message(3))
        self.wait_for([1, 2, 3])
        self.end(process)

    def test_killed_as_soon_as_lines_are_taken_it_loses_and_doubles_nothing(self):
        last = 1
        for _ in range(5):
            before = self.remembered()
            last += 1
            self.append(message(last))
            process = self.follow(self.folder)
            while self.remembered() == before:
                self.assertIsNone(process.poll())
                os.sched_yield()
            process.kill()
            process.wait(PATIENCE)
        last += 1
        self.append(message(last))
        process = self.follow(self.folder)
        self.wait_for(range(1, last + 1))
        self.end(process)
        self.assertEqual(self.server.get("/api/sessions/c-1")["totalMessages"], last)

    def remembered(self):
        offsets = self.home / ".local/state/agentpipe/offsets"
        return offsets.stat().st_size if offsets.exists() else 0

    def test_polling_finds_what_nobody_tells(self):
        process = self.follow("--poll", self.folder)
        self.wait_for([1])
        self.append(message(2))
        self.wait_for([1, 2])
        self.end(process)

    def test_links_and_what_cannot_be_followed_are_refused_in_one_sentence(self):
        link = self.home / "link.jsonl"
        link.symlink_to(self.file)
        rows = [(("--follow", link), 65, "regular file"), (("--follow", "nowhere"), 1, "No such file"), (("--follow",), 2, "--follow"),
                (("--follow", "-"), 2, "--follow"), (("--follow", "--tee", self.file), 2, "--tee"),
                (("--follow", "--dry-run", self.file), 2, "--dry-run"), (("--poll", self.file), 2, "--follow")]
        for arguments, code, word in rows:
            with self.subTest(arguments):
                done = self.run_bridge("stream", *arguments)
                self.assertIn(word, done.err)
                self.assertEqual(done.code, code, done.err)
                self.assertEqual(len(done.err.strip().splitlines()), 1, done.err)

    def test_nothing_costs_nothing(self):
        process = self.follow(self.folder)
        self.wait_for([1])
        before = self.ticks(process)
        self.append(message(2))
        self.wait_for([1, 2])
        self.assertLessEqual(self.ticks(process) - before, 20)  # 0.2 s of CPU for one append is a loop that spins
        self.end(process)

    def ticks(self, process):
        fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
