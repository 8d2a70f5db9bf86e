import json
import re
import unittest

from harness import Case


def started(name, **more):
    return {"conversation_id": name, "mode": "reactive", "initial_prompt": f"About {name}",
            "participants": [{"agent_id": "claude-0", "agent_type": "claude"}], **more}


def message(session, number, content="hello", **more):
    return {"conversation_id": session, "message_id": f"m-{number}", "agent_id": "claude-0", "agent_type": "claude",
            "content": content, "sequence_number": number, **more}


class Manage(Case):
    def start(self):
        """A server whose first key may do everything."""
        server = self.start_server(key=None)
        server.key = re.search(r"ap_live_\S+", "".join(server.lines)).group(0)
        return server

    def call(self, server, method, path, body=None):
        status, _, content = server.request(method, path, body)
        return status, json.loads(content)

    def test_a_session_is_renamed_and_deleted_and_watchers_see_both(self):
        server = self.start()
        server.ingest("conversation.started", started("c1"))
        stream = server.stream("/api/realtime/stream")
        self.assertEqual(stream.next()[1]["type"], "connection.established")
        status, session = self.call(server, "PATCH", "/api/sessions/c1", {"name": " Rivers "})
        self.assertEqual((status, session["id"], session["name"]), (200, "c1", "Rivers"))
        self.assertEqual(self.call(server, "DELETE", "/api/sessions/c1"), (200, {"deleted": 1}))
        seen = [stream.next()[1] for _ in range(2)]
        self.assertEqual([(e["type"], e["data"]["conversation_id"]) for e in seen],
                         [("conversation.updated", "c1"), ("conversation.deleted", "c1")])
        stream.close()
        self.assertEqual(self.call(server, "GET", "/api/sessions/c1")[0], 404)
        self.assertEqual(self.call(server, "DELETE", "/api/sessions/c1")[0], 404)
        status, answer = server.ingest("message.created", message("c1", 1))
        self.assertEqual((status, answer["code"]), (410, "gone"))
        self.assertEqual(server.ingest("conversation.deleted", {"conversation_id": "c2"})[0], 400)

    def test_many_are_deleted_at_once_and_the_missing_named(self):
        server = self.start()
        for name in ("c1", "c2", "c3"):
            server.ingest("conversation.started", started(name))
        self.assertEqual(self.call(server, "POST", "/api/sessions/delete", {"ids": ["c1", "none", "c3"]}),
                         (200, {"deleted": 2, "missing": ["none"]}))
        self.assertEqual([s["id"] for s in server.get("/api/sessions")["sessions"]], ["c2"])
        for body in ({}, {"ids": []}, {"ids": [1]}, {"ids": ["x"] * 1001}):
            self.assertEqual(self.call(server, "POST", "/api/sessions/delete", body)[1]["code"], "bad_ids")
        for body in ({"name": " "}, {"name": "x" * 201}, {"name": 1}):
            self.assertEqual(self.call(server, "PATCH", "/api/sessions/c2", body)[1]["code"], "bad_name")

    def test_lists_go_on_by_cursor_and_facets_count(self):
        server = self.start()
        for number in range(5):
            server.ingest("conversation.started", started(f"c{number}", machine="box"), f"2026-01-05T08:00:0{number}Z")
        path, seen = "/api/sessions?limit=2&agentType=claude", []
        while path:
            page = server.get(path)
            seen += [s["id"] for s in page["sessions"]]
            self.assertEqual(page["pagination"]["total"], 5)
            cursor = page["pagination"]["nextCursor"]
            path = cursor and f"/api/sessions?limit=2&agentType=claude&cursor={cursor}"
        self.assertEqual(seen, ["c4", "c3", "c2", "c1", "c0"])
        facets = server.get("/api/sessions/facets")
        self.assertEqual(facets["agentTypes"], [{"value": "claude", "count": 5}])
        self.assertEqual(facets["machines"], [{"value": "box", "count": 5}])
        self.assertEqual(facets["statuses"], [{"value": "ACTIVE", "count": 5}])
        self.assertEqual(server.get("/api/sessions?cursor=x", 400)["code"], "bad_parameter")

    def test_a_session_has_an_outline_and_is_searched_within(self):
        server = self.start()
        server.ingest("conversation.started", started("c1"))
        for number, text in enumerate(("100% of ÄPFEL", "none", "äpfel, Äpfel"), 1):
            server.ingest("message.created", message("c1", number, text, tokens_used=number))
            if number == 2:
                server.ingest("conversation.error", {"conversation_id": "c1", "error_message": "late"})
        outline = server.get("/api/sessions/c1/outline?after_seq=1")
        self.assertEqual([(i["sequenceNumber"], i["head"], i["totalTokens"], i["error"]) for i in outline["items"]],
                         [(2, "none", 2, True), (3, "äpfel, Äpfel", 3, False)])
        self.assertEqual(outline["total"], 3)
        self.assertEqual(server.get("/api/sessions/c1/find?q=%C3%84pfel"),
                         {"total": 2, "hits": [{"sequenceNumber": 1, "messageId": "m-1", "count": 1},
                                               {"sequenceNumber": 3, "messageId": "m-3", "count": 2}]})
        self.assertEqual(server.get("/api/sessions/c1/find?q=%25")["total"], 1)


if __name__ == "__main__":
    unittest.main()
