import json

from harness import Case
from ingest_test import message


class RateLimits(Case):
    def test_s9_a_key_that_sends_too_fast_is_told_when_to_come_back_and_others_are_not_held_up(self):
        self.environment["AGENTPIPE_WEB_INGEST_RATE"] = "1"
        server = self.start_server()
        other = self.run_bridge("web", "keys", "create", "--name", "other", "--database", server.database_url)
        answers = []
        for number in range(1, 60):
            answers.append(server.request("POST", "/api/ingest", {"type": "message.created", "data": message(number)}))
            if answers[-1][0] == 429:
                break
        self.assertEqual(answers[0][1]["RateLimit-Policy"], '"write";q=20;w=20')
        self.assertEqual(answers[0][1]["RateLimit"], '"write";r=19;t=0')
        status, headers, body = answers[-1]
        self.assertEqual((status, headers["Retry-After"], headers["RateLimit"]), (429, "1", '"write";r=0;t=1'))
        self.assertEqual(json.loads(body)["code"], "rate_limited")
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], len(answers) - 1)
        key = {"Authorization": "Bearer " + other.out.strip()}
        event = {"type": "message.created", "data": message(1000)}
        while server.request("POST", "/api/ingest", event, key)[0] == 401:
            pass  # a running server learns of a key within a second
        self.assertEqual(server.request("POST", "/api/ingest", event, key)[0], 200)

    def test_a_batch_costs_its_events_and_one_larger_than_the_bucket_is_taken_and_waited_for(self):
        self.environment["AGENTPIPE_WEB_INGEST_RATE"] = "1"
        server = self.start_server()
        lines = "".join(json.dumps({"type": "message.created", "data": message(n)}) + "\n" for n in range(1, 41))
        names = {"X-AgentPipe-Source": "s1", "X-AgentPipe-First": "1", "Content-Type": "application/x-ndjson"}
        status, _, body = server.request("POST", "/api/ingest/batch", lines, names)
        self.assertEqual((status, json.loads(body)["acked_n"]), (200, 40))
        status, headers, _ = server.request("POST", "/api/ingest", {"type": "message.created", "data": message(41)})
        self.assertEqual(status, 429)
        self.assertIn(int(headers["Retry-After"]), (20, 21))

    def test_only_a_trusted_proxy_says_who_tries_keys(self):
        server = self.start_server("--trusted-proxies", "127.0.0.1")

        def attempt(address, key="ap_live_wrong_0123456789abcdef"):
            return server.request("POST", "/api/ingest", {}, {"Authorization": f"Bearer {key}", "X-Forwarded-For": address})

        for _ in range(30):
            self.assertEqual(attempt("203.0.113.7")[0], 401)
        status, headers, body = attempt("198.51.100.1, 203.0.113.7")
        self.assertEqual(status, 429, body)
        self.assertIn(int(headers["Retry-After"]), range(1, 61))
        self.assertEqual(attempt("203.0.113.8")[0], 401)
        self.assertEqual(attempt("203.0.113.7", server.key)[0], 400)

    def test_keys_are_tried_no_faster_where_everybody_may_ask(self):
        server = self.start_server("--trusted-proxies", "127.0.0.1")
        wrong = {"Authorization": "Bearer ap_live_wrong_0123456789abcdef", "X-Forwarded-For": "203.0.113.7"}
        answers = [server.request("GET", "/api/session", headers=wrong)[0] for _ in range(31)]
        self.assertEqual(answers, 30 * [200] + [429])
        self.assertEqual(server.request("GET", "/api/session")[0], 200)

    def test_a_key_has_so_many_streams_and_no_more(self):
        self.environment["AGENTPIPE_WEB_STREAMS_PER_KEY"] = "2"
        server = self.start_server()
        streams = [server.stream("/api/realtime/stream") for _ in range(2)]
        refused = server.stream("/api/realtime/stream")
        self.assertEqual((refused.status, refused.headers["Retry-After"]), (503, "2"))
        self.assertEqual(json.loads(refused.answer.read())["code"], "too_many_streams")
        streams[0].answer.close()
        streams[0].close()
        while server.stream("/api/realtime/stream").status == 503:
            pass  # until the server has noticed
