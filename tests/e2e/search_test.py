import unittest

from harness import Case


class Search(Case):
    def start(self):
        server = self.start_server()
        for session, texts in (("c1", ["A 100% sure fox", "slow"]), ("c2", ["the foxes, <b>quick</b>"])):
            server.ingest("conversation.started", {
                "conversation_id": session, "mode": "reactive", "initial_prompt": f"Animals of {session}",
                "participants": [{"agent_id": "claude-0", "agent_type": "claude", "model": "opus"}]})
            for number, text in enumerate(texts, 1):
                server.ingest("message.created", {
                    "conversation_id": session, "message_id": f"m-{number}", "agent_id": "claude-0", "agent_type": "claude",
                    "content": text, "sequence_number": number, "tokens_used": 10, "cost": 0.5, "model": "opus",
                    "duration_ms": 40})
        return server

    def test_a_search_shows_sessions_with_marked_places(self):
        server = self.start()
        answer = server.get("/api/search?q=FOX")
        self.assertEqual([(r["session"]["id"], r["hits"]) for r in answer["results"]], [("c2", 1), ("c1", 1)])
        match = answer["results"][1]["matches"][0]
        self.assertEqual((match["messageId"], match["sequenceNumber"], match["field"]), ("m-1", 1, "message"))
        self.assertEqual(match["snippet"], [{"text": "A 100% sure ", "hit": False}, {"text": "fox", "hit": True}])
        self.assertEqual(answer["pagination"], {"limit": 20, "nextCursor": None, "total": 2})
        prompt = server.get("/api/search?q=%22animals%20of%20c1%22")["results"][0]["matches"][0]
        self.assertEqual((prompt["field"], prompt["messageId"]), ("prompt", None))
        self.assertEqual(len(server.get("/api/search?q=0%25")["results"]), 1)
        self.assertEqual(server.get("/api/search?q=absent")["results"], [])
        self.assertEqual(len(server.get("/api/search?q=fox&order=rank&status=ACTIVE")["results"]), 2)
        self.assertEqual(server.get("/api/search?q=fox&agentType=gemini")["results"], [])
        for bad in ("", "?q=", "?q=x&order=y", "?q=x&cursor=y", "?type=x"):
            self.assertEqual(server.get("/api/search" + bad, 400)["code"], "bad_parameter")

    def test_the_existing_searches_answer_as_before(self):
        server = self.start()
        status, answer = server.post("/api/search", {"query": "100%", "filters": {"status": ["ACTIVE"], "minTokens": 5}})
        self.assertEqual(status, 200)
        self.assertEqual([r["id"] for r in answer["results"]], ["c1"])
        self.assertEqual(answer["pagination"], {"page": 1, "limit": 20, "total": 1, "pages": 1})
        self.assertEqual(server.get("/api/search?type=agents"), {"agents": [{"type": "claude", "count": 2}]})
        self.assertEqual(server.get("/api/search?type=models"), {"models": [{"model": "opus", "count": 2}]})

    def test_the_existing_reads_answer_as_before(self):
        server = self.start()
        page = server.get("/api/conversations?pageSize=1&page=2")
        self.assertEqual([(c["id"], c["messageCount"]) for c in page["conversations"]], [("c1", 2)])
        self.assertEqual(page["pagination"], {"page": 2, "pageSize": 1, "totalCount": 2, "totalPages": 2,
                                              "hasNextPage": False, "hasPreviousPage": True})
        self.assertEqual([m["id"] for m in server.get("/api/conversations/c1")["messages"]], ["m-1", "m-2"])
        self.assertEqual(server.get("/api/conversations/none", 404)["code"], "not_found")
        messages = server.get("/api/conversations/c1/messages?limit=1&page=2")
        self.assertEqual([m["id"] for m in messages["data"]], ["m-2"])
        self.assertEqual(messages["pagination"], {"page": 2, "limit": 1, "total": 2, "pages": 2})
        recent = server.get("/api/messages/recent?limit=2")
        self.assertEqual([(m["conversationId"], m["id"]) for m in recent["messages"]], [("c2", "m-1"), ("c1", "m-2")])
        self.assertEqual((recent["count"], recent["messages"][0]["conversationStatus"]), (2, "ACTIVE"))

    def test_metrics_tell_sums_by_time_and_unknown_as_null(self):
        server = self.start()
        path = "/api/metrics/timeseries?from=2026-01-05T08:00:00Z&to=2026-01-05T09:00:00Z&buckets=60"
        answer = server.get(path + "&by=model")
        self.assertEqual((answer["bucketSeconds"], [g["key"] for g in answer["groups"]]), (60, ["opus"]))
        points = answer["groups"][0]["points"]
        self.assertEqual((len(points), points[0]["messages"], points[1]["messages"]), (60, 3, 0))
        self.assertEqual((points[0]["cost"], points[0]["estimatedCost"], points[1]["cost"]), (1.5, None, None))
        self.assertEqual(answer["totals"]["totalTokens"], 30)
        self.assertEqual(answer["previous"]["latencyP95"], None)
        top = server.get("/api/metrics/top?from=2026-01-05&to=2026-01-06")
        self.assertEqual([(a["key"], a["sessions"], a["messages"]) for a in top["agents"]], [("claude", 2, 3)])
        self.assertEqual([s["id"] for s in top["sessions"]], ["c1", "c2"])
        summary = server.get("/api/metrics/summary")
        self.assertEqual((summary["totalConversations"], summary["activeConversations"], summary["totalCost"]), (2, 2, 1.5))
        self.assertEqual(summary["topAgents"], [{"type": "claude", "count": 2, "totalCost": 1.5}])


if __name__ == "__main__":
    unittest.main()
