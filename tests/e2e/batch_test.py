import gzip
import http.client
import json
import threading
import unittest

from harness import KEY, Case

SOURCE = "0123456789abcdef0123456789abcdef"


def message(number, **more):
    data = {"conversation_id": "c1", "message_id": f"m-{number}", "agent_id": "claude-0", "agent_type": "claude",
            "content": f"message {number}", "sequence_number": number, **more}
    return {"type": "message.created", "timestamp": "2026-01-05T08:00:04Z", "data": data}


def lines(events):
    return "\n".join(json.dumps(event) for event in events).encode()


class Batches(Case):
    def batch(self, server, first, events, source=SOURCE, pack=None, **headers):
        body = lines(events)
        sent = {"X-AgentPipe-Source": source, "X-AgentPipe-First": str(first),
                **{name.replace("_", "-"): value for name, value in headers.items()}}
        if pack:
            sent["Content-Encoding"] = "gzip"
            body = gzip.compress(body)
        status, _, answer = server.request("POST", "/api/ingest/batch", body, sent)
        return status, json.loads(answer)

    def stored(self, server):
        found = server.get("/api/sessions/c1/messages?limit=1000")["messages"]
        return [m["id"] for m in found]

    def test_the_server_says_that_it_takes_batches_and_how_large(self):
        health = self.start_server().get("/api/health")
        self.assertLessEqual({"batch", "gzip", "zstd", "conversation.updated"}, set(health["capabilities"]))
        self.assertEqual((health["limits"]["batch_bytes"], health["limits"]["batch_events"]), (8 << 20, 1024))

    def test_a_batch_twice_is_stored_once_also_across_a_restart(self):
        server = self.start_server()
        first = self.batch(server, 1, [message(1), message(2)])
        self.assertEqual(first, (200, {"acked_n": 2, "duplicates": 0, "rejected": []}))
        server.stop()
        server.start()
        again = self.batch(server, 1, [message(1), message(2), message(3)], pack=True)
        self.assertEqual(again, (200, {"acked_n": 3, "duplicates": 2, "rejected": []}))
        self.assertEqual(self.stored(server), ["m-1", "m-2", "m-3"])

    def test_a_gap_is_refused_until_it_is_declared_and_then_shown(self):
        server = self.start_server()
        self.batch(server, 1, [message(1)])
        status, answer = self.batch(server, 4, [message(4)])
        self.assertEqual((status, answer["error"], answer["expected_n"]), (409, "gap", 2))
        status, answer = self.batch(server, 4, [message(4)], X_AgentPipe_Missing="2")
        self.assertEqual((status, answer["acked_n"]), (200, 4))
        self.assertEqual(self.stored(server), ["m-1", "m-4"])
        self.assertIn("2 events are missing here", json.dumps(server.get("/api/sessions/c1/notes")))

    def test_poison_in_the_middle_is_rejected_by_number_and_the_rest_is_stored(self):
        server = self.start_server()
        self.batch(server, 1, [message(1)])
        poison = [message(2), {"type": "no.such.type", "data": {}}, message(1, content="other"), message(5)]
        status, answer = self.batch(server, 2, poison)
        self.assertEqual((status, answer["acked_n"]), (200, 5))
        self.assertEqual([(r["n"], r["code"]) for r in answer["rejected"]],
                         [(3, "unknown_type"), (4, "message_conflict")])
        self.assertEqual(self.batch(server, 2, poison)[1]["rejected"], answer["rejected"])
        self.assertEqual(self.stored(server), ["m-1", "m-2", "m-5"])
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], 3)

    def test_bombs_and_broken_bodies_are_refused_and_the_server_lives(self):
        server = self.start_server()
        head = {"X-AgentPipe-Source": SOURCE, "X-AgentPipe-First": "1"}
        rows = [
            ("a bomb", "/api/ingest/batch", gzip.compress(b" " * (60 << 20)), "gzip", 413, "too_large"),
            ("a bomb for one event", "/api/ingest", gzip.compress(b" " * (60 << 20)), "gzip", 413, "too_large"),
            ("a bomb for an upload", "/api/sessions/upload", gzip.compress(b" " * (60 << 20)), "gzip", 413, "too_large"),
            ("no gzip", "/api/ingest/batch", b"plain", "gzip", 400, "invalid_encoding"),
            ("cut off", "/api/ingest/batch", gzip.compress(lines([message(1)]))[:-4], "gzip", 400, "invalid_encoding"),
            ("no zstd", "/api/ingest/batch", b"plain", "zstd", 400, "invalid_encoding"),
            ("unknown", "/api/ingest/batch", b"plain", "br", 415, "unsupported_encoding"),
            ("a chain", "/api/ingest/batch", b"plain", "gzip, gzip", 415, "unsupported_encoding"),
        ]
        for name, path, body, coding, status, code in rows:
            with self.subTest(name):
                got, _, answer = server.request("POST", path, body, {**head, "Content-Encoding": coding})
                self.assertEqual((got, json.loads(answer)["code"]), (status, code))
        self.assertEqual(self.batch(server, 1, [message(1)])[0], 200)

    def test_a_server_killed_while_batches_arrive_has_whole_batches_and_takes_the_rest(self):
        server = self.start_server()
        acked = [0]
        started = threading.Event()

        def send():
            try:
                while True:
                    first = acked[0] + 1
                    answer = self.batch(server, first, [message(n) for n in range(first, first + 50)])
                    acked[0] = answer[1]["acked_n"]
                    if acked[0] >= 500:
                        started.set()
            except (OSError, ValueError, http.client.HTTPException):
                started.set()

        sender = threading.Thread(target=send)
        sender.start()
        started.wait()
        server.process.kill()
        sender.join()
        server.stop()
        server.start()
        count = server.get("/api/sessions/c1")["totalMessages"]
        self.assertGreaterEqual(count, acked[0])
        self.assertEqual(count % 50, 0)
        first = acked[0] + 1
        status, answer = self.batch(server, first, [message(n) for n in range(first, first + 100)])
        self.assertEqual((status, answer["acked_n"], answer["duplicates"]), (200, first + 99, count - acked[0]))
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], first + 99)

    def test_a_named_request_may_be_repeated_but_not_with_another_body(self):
        server = self.start_server()

        def send(number, name):
            status, _, answer = server.request("POST", "/api/ingest", json.dumps(message(number)), {"Idempotency-Key": name})
            return status, json.loads(answer).get("code")

        self.assertEqual(send(1, "a"), (201, None))
        self.assertEqual(send(1, "a"), (200, None))
        self.assertEqual(send(2, "a"), (409, "idempotency_conflict"))
        self.assertEqual(send(2, "x" * 256), (400, "bad_header"))


class Client(Case):
    def test_u1_a_stream_arrives_complete_in_order_and_in_few_requests_before_its_client_ends(self):
        server = self.start_server()
        self.set_up_client(server)
        events = [{"type": "conversation.started", "timestamp": "2026-01-05T08:00:00Z",
                   "data": {"conversation_id": "c1", "mode": "reactive", "initial_prompt": "p", "participants": []}}]
        events += [message(n, content="x" * 1000) for n in range(1, 2001)]
        done = self.run_bridge("stream", stdin=lines(events) + b"\n")
        self.assertEqual(done.code, 0, done.err)
        cursor, found = "", []
        while cursor is not None:
            page = server.get("/api/sessions/c1/messages?limit=1000" + cursor)
            found += [m["id"] for m in page["messages"]]
            following = page["pagination"]["nextCursor"]
            cursor = following and "&cursor=" + following
        self.assertEqual(found, [f"m-{n}" for n in range(1, 2001)])
        self.assertNotIn(KEY, done.out + done.err)


class LongRuns(Case):
    def test_a_message_of_one_character_a_million_times_arrives(self):
        server = self.start_server()
        self.set_up_client(server)
        done = self.run_bridge("stream", stdin=lines([message(1, content=3_900_000 * "z")]) + b"\n")
        self.assertEqual(done.code, 0, done.err)
        stored = server.get("/api/sessions/c1/messages")["messages"]
        self.assertEqual([len(m["content"]) for m in stored], [3_900_000])


if __name__ == "__main__":
    unittest.main()
