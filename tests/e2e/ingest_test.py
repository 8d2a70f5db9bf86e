import json
import unittest

from harness import KEY, SHARED, Case, needs_shared

STARTED = {"conversation_id": "c1", "mode": "reactive", "initial_prompt": "Name three rivers",
           "participants": [{"agent_id": "claude-0", "agent_type": "claude", "name": "Ada"},
                            {"agent_id": "claude-1", "agent_type": "claude", "name": "Bob"}]}


def message(number, **more):
    return {"conversation_id": "c1", "message_id": f"m-{number}", "agent_id": f"claude-{number % 2}",
            "agent_type": "claude", "content": f"message {number}", "sequence_number": number, **more}


class GoClient(Case):
    @needs_shared
    def test_every_recorded_request_gets_an_answer_that_the_go_client_counts_as_success(self):
        server = self.start_server(key="sk_made_up_0123456789abcdef")
        requests = sorted((SHARED / "http").glob("*.http"))
        self.assertEqual(len(requests), 14)
        for path in requests:
            status, headers, body = server.raw(path.read_bytes())
            self.assertIn(status, (200, 201), (path.name, body))
            self.assertEqual(headers["Content-Type"].split(";")[0], "application/json")
            json.loads(body)
        sessions = server.get("/api/sessions")["sessions"]
        told = next(s for s in sessions if s["id"].startswith("4fd47e6a"))
        self.assertEqual(told["totalMessages"], 6)
        self.assertEqual(told["status"], "INTERRUPTED")
        self.assertEqual(told["summary"]["shortText"], "They sorted ints.")
        self.assertEqual(told["reported"]["totalTokens"], 1410)
        self.assertEqual([p["agentId"] for p in told["participants"]], ["claude-0", "gemini-1"])


class Ingest(Case):
    def test_u4_a_conversation_is_stored_and_counted_once_whatever_is_sent_twice(self):
        server = self.start_server()
        self.assertEqual(server.ingest("conversation.started", STARTED)[0], 201)
        for number in (1, 2, 3):
            status, answer = server.ingest("message.created", message(number, tokens_used=10, cost=0.5))
            self.assertEqual((status, answer["message_id"], answer["duplicate"]), (201, f"m-{number}", False))
            status, answer = server.ingest("message.created", message(number, tokens_used=10, cost=0.5))
            self.assertEqual((status, answer["messageId"], answer["duplicate"]), (200, f"m-{number}", True))
        self.assertEqual(server.ingest("conversation.started", STARTED)[0], 200)
        done = {"conversation_id": "c1", "status": "completed", "total_messages": 5, "summary": {"text": "t", "agent_type": "x"}}
        self.assertEqual(server.ingest("conversation.completed", done)[0], 200)
        session = server.get("/api/sessions/c1")
        self.assertEqual((session["totalMessages"], session["totalTokens"], session["totalCost"], session["status"]),
                         (3, 30, 1.5, "COMPLETED"))
        self.assertEqual(session["reported"]["totalMessages"], 5)

    def test_u2_messages_may_come_before_their_start_and_out_of_order(self):
        server = self.start_server()
        for number in (3, 1, 2):
            self.assertEqual(server.ingest("message.created", message(number))[0], 201)
        server.ingest("conversation.started", STARTED)
        answer = server.get("/api/sessions/c1/messages")
        self.assertEqual([m["content"] for m in answer["messages"]], ["message 1", "message 2", "message 3"])
        self.assertEqual([m["agentName"] for m in answer["messages"]], ["Bob", "Ada", "Bob"])
        self.assertEqual(server.get("/api/sessions/c1")["initialPrompt"], "Name three rivers")

    def test_the_same_id_with_other_words_is_a_conflict_and_changes_nothing(self):
        server = self.start_server()
        server.ingest("message.created", message(1))
        status, answer = server.ingest("message.created", message(1, content="other"))
        self.assertEqual((status, answer["code"]), (409, "message_conflict"))
        self.assertEqual(server.get("/api/sessions/c1/messages")["messages"][0]["content"], "message 1")

    def test_an_error_is_recorded_and_the_conversation_goes_on(self):
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        server.ingest("conversation.error", {"conversation_id": "c1", "error_message": "turn timeout"})
        session = server.get("/api/sessions/c1")
        self.assertEqual((session["status"], session["errorCount"], session["errorMessage"]), ("ACTIVE", 1, "turn timeout"))

    def test_pages_of_messages_go_both_ways(self):
        server = self.start_server()
        for number in range(1, 8):
            server.ingest("message.created", message(number))

        def numbers(answer):
            return [m["sequenceNumber"] for m in answer["messages"]]

        first = server.get("/api/sessions/c1/messages?limit=3")
        second = server.get("/api/sessions/c1/messages?limit=3&cursor=" + first["pagination"]["nextCursor"])
        third = server.get("/api/sessions/c1/messages?limit=3&cursor=" + second["pagination"]["nextCursor"])
        self.assertEqual([numbers(first), numbers(second), numbers(third)], [[1, 2, 3], [4, 5, 6], [7]])
        self.assertIsNone(first["pagination"]["previousCursor"])
        self.assertIsNone(third["pagination"]["nextCursor"])
        back = server.get("/api/sessions/c1/messages?limit=3&cursor=" + third["pagination"]["previousCursor"])
        self.assertEqual(numbers(back), [4, 5, 6])
        self.assertEqual(numbers(server.get("/api/sessions/c1/messages?limit=2&order=desc")), [6, 7])
        self.assertEqual(numbers(server.get("/api/sessions/c1/messages?after_seq=5")), [6, 7])
        self.assertEqual(numbers(server.get("/api/sessions/c1/messages?before_seq=3")), [1, 2])
        self.assertEqual(numbers(server.get("/api/sessions/c1/messages?around=4&limit=3")), [3, 4, 5])


class BadInput(Case):
    def test_every_refusal_is_json_with_a_code_and_a_remedy(self):
        server = self.start_server()
        big = json.dumps({"type": "message.created", "data": {"conversation_id": "c", "content": "x" * (9 << 20)}})
        event = {"type": "message.created", "data": {"conversation_id": "c"}}
        rows = [
            ("malformed JSON", "POST", "/api/ingest", "{", KEY, 400, "invalid_json"),
            ("unknown type", "POST", "/api/ingest", '{"type":"x","data":{}}', KEY, 400, "unknown_type"),
            ("missing field", "POST", "/api/ingest", json.dumps({**event, "data": {}}), KEY, 400, "required"),
            ("no key", "POST", "/api/ingest", json.dumps(event), None, 401, "missing_key"),
            ("wrong key", "POST", "/api/ingest", json.dumps(event), "ap_live_wrong", 401, "invalid_key"),
            ("too large", "POST", "/api/ingest", big, KEY, 413, "too_large"),
            ("unknown path", "GET", "/api/nothing", None, KEY, 404, "not_found"),
            ("unknown session", "GET", "/api/sessions/none", None, KEY, 404, "not_found"),
            ("wrong method", "DELETE", "/api/ingest", None, KEY, 405, "method_not_allowed"),
            ("bad parameter", "GET", "/api/sessions?page=abc", None, KEY, 400, "bad_parameter"),
            ("bad status", "GET", "/api/sessions?status=x", None, KEY, 400, "bad_parameter"),
            ("bad upload", "POST", "/api/sessions/upload", '{"conversation":{"id":"a b"}}', KEY, 400, "bad_id"),
        ]
        for name, method, path, body, key, status, code in rows:
            with self.subTest(name):
                headers = {"Authorization": f"Bearer {key}"} if key else {}
                got, answer_headers, content = server.request(method, path, body, headers, key=False)
                answer = json.loads(content)
                self.assertEqual((got, answer["code"]), (status, code), answer)
                self.assertTrue(answer["error"] and answer["message"] and answer["request_id"])
                self.assertEqual(answer_headers["Content-Type"].split(";")[0], "application/json")
                self.assertNotIn(KEY, content.decode())
                if status == 405:
                    self.assertIn("POST", answer_headers["Allow"])

    def test_a_foreign_host_name_is_refused(self):
        server = self.start_server()
        status, _, _ = server.request("GET", "/api/sessions", headers={"Host": "evil.example"})
        self.assertEqual(status, 421)


if __name__ == "__main__":
    unittest.main()
