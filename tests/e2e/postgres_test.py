"""What a server over PostgreSQL does its own way. The other modules run over it as they are: tests/support/with_postgres
tests/e2e/run.py search_test"""

import os
import shlex
import subprocess
import unittest

from harness import BINARY, PATIENCE, POSTGRES, Case
from ingest_test import STARTED, message

CONTROL = shlex.split(os.environ.get("AGENTPIPE_TEST_POSTGRES_CONTROL", ""))


def events(count):
    lines = ['{"type":"conversation.started","timestamp":"2026-01-05T08:00:00Z","data":{"conversation_id":"c","mode":"round-robin"}}']
    for n in range(count):
        lines.append('{"type":"message.created","timestamp":"2026-01-05T08:00:01Z","data":{"conversation_id":"c","message_id":"m-%d",'
                     '"agent_type":"claude","role":"agent","content":"line %d","sequence_number":%d}}' % (n, n, n + 1))
    return lines


@unittest.skipUnless(POSTGRES, "run by tests/support/with_postgres")
class Postgres(Case):
    def test_a_database_that_crashes_under_a_stream_loses_doubles_and_reorders_nothing(self):
        server = self.start_server()
        self.set_up_client(server)
        seen = server.stream("/api/realtime/stream")
        client = subprocess.Popen([BINARY, "stream"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  env=self.environment, text=True)
        self.addCleanup(client.kill)
        lines = events(3_000)
        for n, line in enumerate(lines):
            client.stdin.write(line + "\n")
            if n % 1_000 == 500:
                client.stdin.flush()
                subprocess.run([*CONTROL, "--mode=immediate", "restart"], check=True, capture_output=True, cwd="/")
        client.stdin.close()
        client.wait(PATIENCE)
        if client.returncode != 0:  # its deadline came while the database was away
            self.assertEqual(self.run_bridge("spool", "flush").code, 0)
        stored = []
        cursor = ""
        while cursor is not None:
            page = server.get(f"/api/sessions/c/messages?limit=500&cursor={cursor}" if cursor else
                              "/api/sessions/c/messages?limit=500&order=asc")
            stored += [each["id"] for each in page["messages"]]
            cursor = page["pagination"]["nextCursor"]
        self.assertEqual(stored, [f"m-{n}" for n in range(3_000)])
        told = []
        while len(told) < len(stored):
            _, event = seen.next()
            if event["type"] == "message.created":
                told.append(event["data"]["message_id"])
        self.assertEqual(told, stored)

    def test_a_second_server_and_one_that_cannot_reach_it_say_why_and_no_password_shows(self):
        server = self.start_server()
        done = self.run_bridge("web", "serve", "--listen", "127.0.0.1:0", "--database", server.database_url)
        self.assertEqual((done.code, "Another server has this database open" in done.err), (78, True), done.err)
        done = self.run_bridge("web", "serve", "--listen", "127.0.0.1:0",
                               environment={"DATABASE_URL": "postgresql://ada:hunter2@127.0.0.1:1/agents"})
        self.assertNotEqual(done.code, 0)
        self.assertIn("Cannot open the PostgreSQL database", done.err)
        self.assertNotIn("hunter2", done.err + done.out)

    def test_keys_are_made_beside_the_server_and_its_files_tools_name_the_others(self):
        server = self.start_server()
        made = self.run_bridge("web", "keys", "create", "--name", "desk", "--scope", "read", "--database", server.database_url)
        self.assertEqual(made.code, 0, made.err)
        status, _, _ = server.request("GET", "/api/sessions", headers={"Authorization": f"Bearer {made.out.strip()}"})
        self.assertEqual(status, 200)
        done = self.run_bridge("web", "db", "check", "--database", server.database_url)
        self.assertEqual((done.code, "pg_dump" in done.err), (78, True), done.err)
        done = self.run_bridge("web", "serve", "--retain-size", "20GB", "--database", server.database_url)
        self.assertEqual((done.code, "use retain" in done.err), (78, True), done.err)

    def test_a_killed_server_comes_back_with_everything_and_takes_the_lock_over(self):
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        server.ingest("message.created", message(1))
        server.process.kill()
        server.process.wait()
        server.start()
        self.assertEqual([each["id"] for each in server.get("/api/sessions")["sessions"]], ["c1"])
        server.ingest("message.created", message(2))
        self.assertEqual([each["id"] for each in server.get("/api/sessions/c1/messages")["messages"]], ["m-1", "m-2"])
