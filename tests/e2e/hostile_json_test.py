"""Bodies that are made to hurt: each is answered soon, with the right status, and costs no memory for long."""

import json
import pathlib
import time
import unittest

from harness import Case
from ingest_test import message

SOON = 10  # seconds, on a crowded machine with a slow build; usually a hundredth of that


def event(content="x", **more):
    return {"type": "message.created", "timestamp": "2026-01-05T08:00:04Z", "data": message(1, content=content, **more)}


def with_text(old, new):
    return json.dumps(event()).replace(old, new).encode("utf-8", "surrogatepass")


class Bodies(Case):
    def memory_mib(self, server):
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def test_bodies_that_are_made_to_hurt_are_refused_soon_and_leave_no_mark(self):
        server = self.start_server()
        before = self.memory_mib(server)
        text = '"content": "x"'
        rows = [
            ("deep", with_text(text, '"x": ' + "[" * 400_000 + "]" * 400_000), (400,)),
            ("deep objects", with_text(text, '"x": ' + '{"a":' * 100_000 + "1" + "}" * 100_000), (400,)),
            ("never closed", b"[" * 1_000_000, (400,)),
            ("many keys", with_text(text, ", ".join(f'"k{n}": 1' for n in range(60_000))), (400,)),
            ("a number of 100,000 digits", with_text('"sequence_number": 1', '"sequence_number": ' + "9" * 100_000), (400,)),
            ("a number that is none", with_text('"sequence_number": 1', '"sequence_number": NaN'), (400,)),
            ("the same key twice", with_text(text, text + ', "content": "y"'), (400,)),
            ("not UTF-8", with_text(text, '"content": "@@"').replace(b"@@", b"\xff\xfe"), (400,)),
            ("an overlong slash", with_text(text, '"content": "@@"').replace(b"@@", b"\xc0\xaf"), (400,)),
            ("a surrogate as bytes", with_text(text, '"content": "\ud800"'), (400,)),
            ("a tab in a text", with_text(text, '"content": "\t"'), (400,)),
            ("something behind the end", json.dumps(event()).encode() + b"{}", (400,)),
            ("nothing", b"", (400,)),
            ("an array", b"[]", (400,)),
            ("a mark of byte order and a NUL", b"\xef\xbb\xbf\x00", (400,)),
        ]
        for name, body, statuses in rows:
            with self.subTest(name):
                begin = time.monotonic()
                status, _, answer = server.request("POST", "/api/ingest", body, {"Content-Type": "application/json"})
                self.assertIn(status, statuses, answer[:300])
                self.assertLess(time.monotonic() - begin, SOON)
                self.assertLess(len(answer), 2000)
        self.assertEqual(server.get("/api/sessions")["sessions"], [])
        self.assertLess(self.memory_mib(server) - before, 64)

    def test_what_is_just_within_the_limits_is_taken(self):
        server = self.start_server()
        for number, more in enumerate(({"content": "x" * 900_000}, {"vendor": json.loads("[" * 50 + "]" * 50)},
                                       {"content": "\U0001f600\u202e\u0000\ud800 end"}, {"cost": 1e9}, {"tokens_used": 2**53 - 1})):
            body = json.dumps(event(message_id=f"m-{number}", **more))
            status, _, answer = server.request("POST", "/api/ingest", body, {"Content-Type": "application/json"})
            self.assertEqual(status, 201, answer[:300])

    def test_a_hostile_document_is_no_session(self):
        server = self.start_server()
        rows = [b'{"conversation":{"id":"a"},"messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
                json.dumps({"conversation": {"id": "a"}, "messages": [{"content": 5, "agent_type": []}]}).encode(),
                json.dumps({"conversation": {"id": "../a"}, "messages": []}).encode(),
                b'{"conversation":{"id":"a"},"messages":[' + b"{}," * 300_000 + b"{}]}"]
        for body in rows:
            begin = time.monotonic()
            status, _, answer = server.request("POST", "/api/sessions/upload", body, {"Content-Type": "application/json"})
            self.assertIn(status, (400, 413), answer[:300])
            self.assertLess(time.monotonic() - begin, SOON)
        self.assertEqual(server.get("/api/sessions")["sessions"], [])


if __name__ == "__main__":
    unittest.main()
