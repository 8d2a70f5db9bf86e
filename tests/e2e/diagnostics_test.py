import json
import os

from access_test import Page
from harness import POSTGRES, Case
from ingest_test import STARTED, message


class Diagnostics(Case):
    def tools(self, *names):
        folder = self.home / "tools"
        folder.mkdir()
        for name in names:
            path = folder / name
            path.write_text(f"#!/bin/sh\necho {name} 1.2.3 $AGENTPIPE_BRIDGE_API_KEY\n")
            path.chmod(0o755)
        self.environment["PATH"] = f"{folder}:{os.environ['PATH']}"

    def test_the_server_tells_how_it_is_and_which_agents_are_on_its_host(self):
        self.tools("codex", "droid")
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        server.ingest("message.created", message(1))
        server.ingest("message.created", {})
        answer = server.get("/api/diagnostics?refresh=1")
        self.assertIn(answer["status"], ("ok", "warn"))
        agents = {agent["type"]: agent for agent in answer["agents"]}
        self.assertGreaterEqual(len(agents), 15)
        self.assertEqual(agents["codex"], {"type": "codex", "name": "Codex", "command": "codex", "installed": True,
                                           "version": "1.2.3", "path": str(self.home / "tools/codex"),
                                           "docsUrl": "https://github.com/openai/codex"})
        self.assertEqual(agents["factory"]["version"], "1.2.3")
        self.assertEqual(answer["database"]["kind"], "postgresql" if POSTGRES else "sqlite")
        self.assertEqual((answer["database"]["sessions"], answer["database"]["messages"]), (1, 1))
        self.assertGreaterEqual(answer["database"]["latencyMs"], 0)
        self.assertGreater(answer["database"]["bytes"], 0)
        self.assertEqual(sum(answer["ingest"]["rejected"].values()), 1)
        self.assertIsNotNone(answer["ingest"]["lastAt"])
        settings = {row["key"]: row for row in answer["configuration"]}
        self.assertEqual(settings["listen"]["origin"], "--listen")
        self.assertEqual([settings[key]["value"] for key in ("heartbeat", "silence_timeout", "retain", "retain_size")],
                         ["15s", "30m", "off", "off"])
        self.assertEqual(set(answer["sse"]), {"subscribers", "behind", "droppedSlow", "bytesQueued"})
        self.assertNotIn(server.key, json.dumps(answer))
        environment = {row["name"]: row["value"] for row in answer["environment"]}
        self.assertEqual(environment["AGENTPIPE_BRIDGE_API_KEY"], "(set)")

    def test_figures_for_prometheus(self):
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        server.ingest("message.created", message(1))
        status, headers, body = server.request("GET", "/metrics")
        self.assertEqual((status, headers["Content-Type"].split(";")[0]), (200, "text/plain"))
        lines = body.decode().splitlines()
        self.assertIn('agentpipe_ingest_events_total{type="message.created",status="stored"} 1', lines)
        self.assertIn("agentpipe_ingest_duration_seconds_count 2", lines)
        self.assertIn("agentpipe_active_conversations 1", lines)
        self.assertIn("agentpipe_sse_connections 0", lines)
        for line in lines:
            self.assertRegex(line, r"^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[^{}]*\})? [-+.e0-9]+)$")

    def test_the_existing_servers_questions_are_answered(self):
        server = self.start_server()
        server.ingest("message.created", message(1))
        stream = server.stream("/api/realtime/stream")
        stream.next()
        stats = server.get("/api/realtime/stats")
        self.assertEqual((stats["totalListeners"], stats["bufferedEvents"]), (1, 1))
        events = server.get("/api/diagnostics/events")
        self.assertEqual([e["type"] for e in events["bufferedEvents"]], ["message.created"])
        self.assertNotIn("message 1", json.dumps(events))
        self.assertIn("totalAvailable", server.get("/api/agents/available"))

    def test_a_ping_reaches_every_stream_whatever_it_filters_and_is_no_event_of_the_log(self):
        server = self.start_server()
        one = server.stream("/api/realtime/stream?conversationId=c1&types=message.created")
        one.next()
        status, _ = server.post("/api/realtime/ping", {"nonce": "n-1"})
        self.assertEqual(status, 202)
        number, frame = one.next()
        self.assertEqual((number, frame["type"], frame["data"]), (None, "diagnostic.ping", {"nonce": "n-1"}))
        self.assertEqual(server.post("/api/realtime/ping", {"nonce": "n" * 65})[0], 400)
        self.assertEqual(server.post("/api/realtime/ping", {})[0], 400)


class Files(Case):
    def upload(self, server, data, query):
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": server.url}
        status, _, body = server.request("POST", "/api/upload?" + query, data, headers, key=False)
        return status, json.loads(body)

    def events(self):
        lines = [{"type": "conversation.started", "timestamp": "2026-01-05T08:00:00Z", "data": STARTED},
                 {"type": "message.created", "timestamp": "2026-01-05T08:00:01Z", "data": message(1)},
                 {"type": "message.created", "timestamp": "2026-01-05T08:00:02Z", "data": message(2)}]
        return "".join(json.dumps(line) + "\n" for line in lines)

    def test_a_file_is_stored_once_however_often_it_comes_or_twice_if_asked(self):
        server = self.start_server()
        status, first = self.upload(server, self.events(), "name=run.jsonl")
        self.assertEqual(status, 200, first)
        self.assertEqual(first["file"], "run.jsonl")
        self.assertEqual([(s["conversationId"], s["result"], s["messages"], s["added"]) for s in first["sessions"]],
                         [("c1", "new", 2, 2)])
        self.assertEqual(self.upload(server, self.events(), "name=run.jsonl")[1]["sessions"][0]["result"], "unchanged")
        both = self.upload(server, self.events(), "name=run.jsonl&on_duplicate=keep_both")[1]["sessions"][0]
        self.assertEqual((both["result"], both["added"]), ("kept_both", 2))
        self.assertRegex(both["conversationId"], r"^c1-[0-9a-f]{6}$")
        self.assertEqual(server.get("/api/sessions")["pagination"]["total"], 2)

    def test_a_file_of_no_known_format_is_refused_in_words_that_a_page_can_show(self):
        status, answer = self.upload(self.start_server(), "hello\n", "name=notes.txt")
        self.assertEqual((status, [problem["reason"] for problem in answer["problems"]]), (422, ["no known format"]))

    def test_a_file_replaces_what_is_stored_when_asked_and_watchers_see_the_old_one_go_first(self):
        server = self.start_server()
        server.ingest("message.created", message(1, content="other"))
        server.ingest("message.created", message(7))
        watcher = server.stream("/api/realtime/stream?conversationId=c1")
        place, _ = watcher.next()
        session = self.upload(server, self.events(), "name=run.jsonl&on_duplicate=replace")[1]["sessions"][0]
        self.assertEqual((session["result"], session["messages"], session["added"]), ("replaced", 2, 2))
        live = [watcher.next() for _ in range(4)]
        self.assertEqual([frame["type"] for _, frame in live],
                         ["conversation.deleted", "conversation.started", "message.created", "message.created"])
        self.assertEqual(live[0][1]["data"], {"conversation_id": "c1", "reason": "replaced"})
        stored = server.get("/api/sessions/c1/messages")["messages"]
        self.assertEqual([m["content"] for m in stored], [message(1)["content"], message(2)["content"]])
        late = server.stream("/api/realtime/stream?conversationId=c1", {"Last-Event-ID": place})
        late.next()
        self.assertEqual([late.next() for _ in range(4)], live)

    def test_replacing_takes_the_right_to_delete(self):
        server = self.start_server()
        target = "/api/upload?name=run.jsonl&on_duplicate=replace"
        status, _, body = server.request("POST", target, self.events())  # by a key that may only ingest
        self.assertEqual((status, json.loads(body)["code"]), (403, "forbidden"))
        status, answer = self.upload(server, self.events(), "name=run.jsonl&on_duplicate=replace")
        self.assertEqual((status, answer["sessions"][0]["result"]), (200, "new"))

    def test_a_file_that_contradicts_what_is_stored_is_told_so(self):
        server = self.start_server()
        server.ingest("message.created", message(1, content="other"))
        status, answer = self.upload(server, self.events(), "name=run.jsonl")
        self.assertEqual((status, answer["sessions"][0]["result"], answer["sessions"][0]["added"]), (200, "conflict", 0))

    def test_a_file_with_nothing_in_it_is_422_with_the_reasons(self):
        server = self.start_server()
        status, answer = self.upload(server, "no session at all\n", "name=notes.bin&format=auto")
        self.assertEqual((status, answer["code"], answer["sessions"]), (422, "nothing_to_store", []))
        for query, field in (("format=pdf", "format"), ("on_duplicate=explode", "on_duplicate"),
                             ("name=" + "n" * 256, "name")):
            status, answer = self.upload(server, self.events(), query)
            self.assertEqual((status, answer["field"]), (400, field))
