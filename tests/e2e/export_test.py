import json

from harness import Case
from ingest_test import STARTED, message


class Export(Case):
    def talk(self, server, messages=3):
        server.ingest("conversation.started", STARTED)
        for number in range(1, messages + 1):
            server.ingest("message.created", message(number))
        server.ingest("conversation.completed", {"conversation_id": "c1", "status": "completed"})

    def test_every_format_comes_as_an_attachment_that_a_browser_does_not_open_here(self):
        server = self.start_server()
        self.talk(server)
        for format, ending, kind in (("json", "json", "application/json"), ("jsonl", "jsonl", "application/x-ndjson"),
                                     ("markdown", "md", "text/markdown"), ("html", "html", "text/html"),
                                     ("csv", "csv", "text/csv")):
            status, headers, body = server.request("GET", f"/api/sessions/c1/export?format={format}")
            self.assertEqual(status, 200, body)
            self.assertRegex(headers["Content-Disposition"],
                             rf'^attachment; filename="session-c1-\d{{4}}-\d\d-\d\d\.{ending}"$')
            self.assertEqual(headers["Content-Type"].split(";")[0], kind)
            self.assertEqual((headers["X-Content-Type-Options"], headers["Cache-Control"]), ("nosniff", "no-store"))
            self.assertIn(b"message 3", body)
        status, _, body = server.request("GET", "/api/sessions/c1/export?format=pdf")
        self.assertEqual((status, json.loads(body)["field"]), (400, "format"))
        self.assertEqual(server.request("GET", "/api/sessions/none/export")[0], 404)
        status, headers, body = server.request("HEAD", "/api/sessions/c1/export")
        self.assertEqual((status, body), (200, b""))

    def test_a_session_is_shown_without_scripts_to_who_may_read(self):
        server = self.start_server("--auth", "on")
        self.talk(server)
        status, headers, body = server.request("GET", "/plain/sessions/c1")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertNotIn("Content-Disposition", headers)
        self.assertIn("style-src 'unsafe-inline'", headers["Content-Security-Policy"])
        self.assertNotIn("script-src", headers["Content-Security-Policy"])
        self.assertIn(b"message 3", body)
        for path, key, expected in (("/plain/sessions/none", True, 404), ("/plain/sessions/c1", False, 401), ("/plain/sessions", False, 401)):
            self.assertEqual(server.request("GET", path, key=key)[0], expected, path)

    def test_the_json_goes_into_another_server_and_comes_out_again_the_same(self):
        server = self.start_server()
        self.talk(server)
        _, _, document = server.request("GET", "/api/sessions/c1/export")
        other = self.start_server(database="other.db")
        self.assertEqual(other.post("/api/sessions/upload", document)[1]["result"], "new")
        self.assertEqual(other.post("/api/sessions/upload", document)[1]["result"], "unchanged")
        self.assertEqual(other.request("GET", "/api/sessions/c1/export")[2], document)

    def test_keys_and_addresses_of_people_stay_here_when_asked(self):
        server = self.start_server()
        secret = "sk-ant-api03-" + "Ab3dEf6hIj9k" * 7
        server.ingest("conversation.started", {**STARTED, "initial_prompt": f"use {secret}"})
        server.ingest("message.created", message(1, content=f"{secret} of ada@example.org, as asked"))
        for format in ("json", "jsonl", "markdown", "html", "csv"):
            plain, hidden = (server.request("GET", f"/api/sessions/c1/export?format={format}{wish}")[2].decode()
                             for wish in ("", "&redact=1"))
            self.assertIn(secret, plain)
            self.assertNotIn(secret, hidden)
            self.assertNotIn("ada@example.org", hidden)
            self.assertIn("[redacted:email], as asked", hidden.replace("\\", ""))

    def test_a_large_session_is_sent_in_pieces_and_whole(self):
        server = self.start_server()
        text = "x" * 20_000
        messages = [{"message_id": f"m{n}", "agent_type": "claude", "content": text,
                     "timestamp": "2026-01-05T08:00:01Z"} for n in range(1000)]
        status, answer = server.post("/api/sessions/upload", {"conversation": {"id": "big"}, "messages": messages})
        self.assertEqual(status, 201, answer)
        status, headers, body = server.request("GET", "/api/sessions/big/export")
        self.assertEqual((status, headers["Transfer-Encoding"]), (200, "chunked"))
        self.assertEqual(len(json.loads(body)["messages"]), 1000)

    def test_several_sessions_come_as_rows_or_as_events(self):
        server = self.start_server()
        self.talk(server)
        server.ingest("message.created", {**message(1), "conversation_id": "c2"})
        _, _, rows = server.request("GET", "/api/sessions/export?format=csv&ids=c1,c2")
        self.assertEqual([line.split(",")[0] for line in rows.decode().splitlines()], ["id", "c1", "c2"])
        _, _, lines = server.request("GET", "/api/sessions/export?ids=c1,c2")
        self.assertEqual([json.loads(line)["type"] for line in lines.splitlines()],
                         ["conversation.started"] + ["message.created"] * 3 + ["conversation.completed"]
                         + ["conversation.started", "message.created"])
