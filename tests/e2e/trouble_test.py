"""What a running server does when its disk or its database fails it."""

import json
import os
import shutil
import sqlite3
import subprocess
import time
import unittest

from harness import BINARY, PATIENCE, Case, needs_file
from ingest_test import STARTED, message

ROOM = 80 << 20  # of the disk; the server wants 64 MiB to be free
NOBODY = 65534
may_mount = unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"), "only root may mount a small disk")


@needs_file
class Trouble(Case):
    def ready(self, server):
        status, _, body = server.request("GET", "/readyz")
        return status, json.loads(body)["checks"]["database"]

    def until(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end)

    def refused(self, server, number, code, retry_after):
        status, headers, body = server.request("POST", "/api/ingest", {"type": "message.created", "data": message(number)})
        self.assertEqual((status, json.loads(body)["code"], headers["Retry-After"]), (503, code, retry_after), body)


@may_mount
class FullDisk(Trouble):
    def setUp(self):
        super().setUp()
        self.disk = self.home / "disk"
        self.disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(self.disk)], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("no small disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)])

    def test_a_full_disk_refuses_what_comes_while_reading_goes_on_and_passes_by_itself(self):
        server = self.start_server(database="disk/web.db")
        server.ingest("message.created", message(1))
        watcher = server.stream("/api/realtime/stream")
        watcher.next()
        (self.disk / "filler").write_bytes(bytes(ROOM - (60 << 20)))
        self.until(lambda: server.ingest("message.created", message(2))[0] == 503)
        self.refused(server, 3, "disk_full", "30")
        status, why = self.ready(server)
        self.assertEqual(status, 503)
        self.assertIn("are needed; nothing was stored", why)
        self.assertEqual(server.request("GET", "/healthz")[0], 200)
        before = server.get("/api/sessions/c1")["totalMessages"]
        (self.disk / "filler").unlink()
        self.until(lambda: server.ingest("message.created", message(4))[0] == 201)
        self.until(lambda: self.ready(server)[0] == 200)
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], before + 1)
        live = ""
        while live != "m-4":
            live = watcher.next()[1]["data"]["message_id"]


class ReadOnly(Trouble):
    def test_a_server_whose_database_may_only_be_read_does_not_start_and_says_which(self):
        server = self.start_server()
        server.ingest("message.created", message(1))
        self.assertEqual(server.stop(), 0)
        server.database.chmod(0o444)
        self.home.chmod(0o555)
        self.addCleanup(self.home.chmod, 0o755)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        before = server.database.read_bytes()
        done = subprocess.run([BINARY, "web", "serve", "--listen", "127.0.0.1:0", "--database", server.database_url],
                              capture_output=True, timeout=PATIENCE, env=self.environment, cwd="/", **user)
        self.assertIn(done.returncode, (1, 78), done.stderr)
        self.assertIn(str(server.database), done.stderr.decode())
        self.assertEqual(len(done.stderr.decode().strip().splitlines()), 1, done.stderr)
        self.assertEqual(server.database.read_bytes(), before)

    def test_a_database_that_another_program_locks_is_waited_for_then_refused_and_taken_up_again(self):
        server = self.start_server()
        server.ingest("message.created", message(1))
        other = sqlite3.connect(server.database, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.refused(server, 2, "database_busy", "2")
        self.assertEqual(self.ready(server)[0], 503)
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], 1)
        other.execute("ROLLBACK")
        self.assertEqual(server.ingest("message.created", message(2))[0], 201)
        self.assertEqual(self.ready(server)[0], 200)


class BrokenPage(Trouble):
    def page_of(self, database, table):
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            size, = connection.execute("PRAGMA page_size").fetchone()
            root, = connection.execute("SELECT rootpage FROM sqlite_master WHERE name=?", (table,)).fetchone()
        connection.close()
        return (root - 1) * size, size

    def test_a_broken_page_ends_writing_for_good_while_reading_goes_on_and_nothing_is_deleted(self):
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        for number in range(1, 4):
            server.ingest("message.created", message(number))
        self.assertEqual(server.stop(), 0)
        place, size = self.page_of(server.database, "messages_id")
        server.start()
        watcher = server.stream("/api/realtime/stream")
        watcher.next()
        with open(server.database, "r+b") as file:
            file.seek(place)
            file.write(b"\x5a" * size)
        self.refused(server, 4, "store_broken", "60")
        self.refused(server, 5, "store_broken", "60")
        self.assertEqual(self.ready(server)[0], 503)
        self.assertEqual([s["id"] for s in server.get("/api/sessions")["sessions"]], ["c1"])
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], 3)
        self.assertEqual(server.request("GET", "/healthz")[0], 200)
        server.post("/api/realtime/ping", {"nonce": "n-1"})
        self.assertEqual(watcher.next()[1]["type"], "diagnostic.ping")
        server.stop()
        with open(server.database, "rb") as file:
            file.seek(place)
            self.assertEqual(file.read(size), b"\x5a" * size)


if __name__ == "__main__":
    unittest.main()
