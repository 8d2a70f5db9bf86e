import sqlite3

from harness import Case, needs_file
from ingest_test import STARTED, message


@needs_file
class Database(Case):
    def db(self, server, *words):
        return self.run_bridge("web", "db", *words, "--database", server.database_url)

    def test_a_backup_of_a_running_server_is_restored_and_watchers_start_anew(self):
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        server.ingest("message.created", message(1))
        stream = server.stream("/api/realtime/stream")
        stream.next()
        self.assertEqual(self.db(server, "backup", "copy.db").code, 0)
        self.assertEqual((self.home / "copy.db").stat().st_mode & 0o777, 0o600)
        server.ingest("message.created", message(2))
        place, _ = stream.next()
        busy = self.db(server, "restore", "copy.db", "--force")
        self.assertEqual(busy.code, 78, busy.err)
        self.assertIn("Another server has the database", busy.err)
        self.assertEqual(server.stop(), 0)
        self.assertIn("--force", self.db(server, "restore", "copy.db").err)
        restored = self.db(server, "restore", "copy.db", "--force")
        self.assertEqual(restored.code, 0, restored.err)
        self.assertIn(".before-restore-1", restored.err)
        server.start()
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], 1)
        again = server.stream("/api/realtime/stream", {"Last-Event-ID": place})
        self.assertEqual([again.next()[1]["type"] for _ in range(2)], ["connection.established", "reset"])

    def test_check_tells_sound_from_damaged_and_vacuum_gives_space_back(self):
        server = self.start_server()
        for number in range(200):
            server.ingest("message.created", message(number, content="x" * 2000))
        sound = self.db(server, "check")
        self.assertEqual((sound.code, ": sound, schema 1, 1 session, 200 messages" in sound.out), (0, True), sound.out)
        self.assertEqual(server.request("DELETE", "/api/sessions/c1", headers={"Sec-Fetch-Site": "same-origin",
                         "Origin": server.url}, key=False)[0], 200)
        server.stop()
        before = server.database.stat().st_size
        self.assertEqual(self.db(server, "vacuum").code, 0)
        self.assertLess(server.database.stat().st_size, before - 200_000)
        with open(server.database, "r+b") as file:
            file.seek(4096 * 2)
            file.write(b"Z" * 8192)
        damaged = self.db(server, "check")
        self.assertNotEqual(damaged.code, 0)

    def test_s11_a_server_whose_schema_does_not_fit_does_not_start_and_leaves_the_database_alone(self):
        server = self.start_server()
        server.stop()
        with sqlite3.connect(server.database) as database:
            database.execute("PRAGMA user_version=99")
        refused = self.run_bridge("web", "serve", "--listen", "127.0.0.1:0", "--database", server.database_url)
        self.assertEqual(refused.code, 78)
        self.assertIn("has schema version 99", refused.err)
        self.assertEqual(self.db(server, "backup", "copy.db").code, 78)
        self.assertFalse((self.home / "copy.db").exists())
