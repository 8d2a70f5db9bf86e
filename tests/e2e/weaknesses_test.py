"""What the Go bridge and the Next.js server get wrong, one test each; u: of the client, s: of the server. Others of that
kind stand beside what they belong to: search for test_u and test_s."""

import http.server
import json
import stat
import threading
import time

from batch_test import lines
from harness import KEY, Case, needs_file
from ingest_test import STARTED, message

EVENTS = [{"type": "conversation.started", "timestamp": "2026-01-05T08:00:00Z", "data": STARTED}]
EVENTS += [{"type": "message.created", "timestamp": f"2026-01-05T08:00:0{n}Z", "data": message(n)} for n in range(1, 6)]


class Scripted:
    """A server of the old kind that answers by a script, then stores."""

    def __init__(self, script):
        outer = self
        self.stored, self.answers = [], []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.say(404, {}, b"{}")

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, headers, answer = script.pop(0) if script else (201, {}, b'{"success":true}')
                if status == 201:
                    outer.stored.append(body["data"].get("message_id"))
                outer.answers.append((status, time.monotonic()))
                self.say(status, headers, answer)

            def say(self, status, headers, body):
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.listener.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.listener.server_address[1]
        threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()


class Client(Case):
    def test_u3_a_refusal_for_now_is_repeated_when_it_says_and_only_a_servers_answer_counts(self):
        server = Scripted([(429, {"Retry-After": "1"}, b"{}"), (408, {}, b"{}"), (200, {}, b"<html>Please log in</html>")])
        self.addCleanup(server.close)
        self.environment.update(AGENTPIPE_STREAM_URL=server.url, AGENTPIPE_STREAM_API_KEY=KEY, AGENTPIPE_STREAM_ENABLED="true")
        done = self.run_bridge("stream", "--drain-timeout", "20s", stdin=lines(EVENTS) + b"\n")
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(server.stored, [None, *(f"c1:m-{number}" for number in range(1, 6))])
        self.assertEqual([status for status, _ in server.answers[:4]], [429, 408, 200, 201])
        self.assertGreaterEqual(server.answers[1][1] - server.answers[0][1], 1)

    def test_u6_a_broken_line_of_the_spool_costs_that_event_alone(self):
        server = self.start_server()
        self.set_up_client(server)
        server.stop()
        done = self.run_bridge("stream", "--drain-timeout", "0s", stdin=lines(EVENTS) + b"\n")
        self.assertEqual(done.code, 75, done.err)
        (segment,) = self.home.rglob("*.seg")
        self.assertEqual(stat.S_IMODE(segment.stat().st_mode), 0o600)
        data = segment.read_bytes()
        broken = data.replace(b"message 3", b"massage 3").rstrip(b"\n")
        segment.write_bytes(broken[:-10])  # and the last line, which a power cut left half
        server.arguments[server.arguments.index("--listen") + 1] = server.address
        server.start()
        self.assertEqual(self.run_bridge("spool", "flush").code, 65)
        self.assertEqual([m["content"] for m in server.get("/api/sessions/c1/messages")["messages"]],
                         ["message 1", "message 2", "message 4"])

    @needs_file
    def test_u7_what_stands_in_the_command_line_of_an_agent_leaks_no_secret(self):
        server = self.start_server()
        self.set_up_client(server)
        command = {"full_command": "run --api-key hush-hush -a claude", "args": ["--token", "shh-0123456789"]}
        started = {**EVENTS[0], "data": {**STARTED, "command": command}}
        self.assertEqual(self.run_bridge("stream", stdin=lines([started]) + b"\n").code, 0)
        raw = b"".join(path.read_bytes() for path in self.home.rglob("*") if path.is_file())
        self.assertIn(b"-a claude", raw)
        self.assertEqual([word for word in (b"hush-hush", b"shh-0123456789") if word in raw], [])


class Server(Case):
    def test_s1_an_end_whose_summary_has_no_numbers_ends_the_conversation(self):
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        done = {"conversation_id": "c1", "status": "completed", "summary": {"text": "Three rivers.", "agent_type": "claude"}}
        self.assertEqual(server.ingest("conversation.completed", done)[0], 200)
        session = server.get("/api/sessions/c1")
        self.assertEqual((session["status"], session["summary"]["text"]), ("COMPLETED", "Three rivers."))

    def test_s2_notes_and_long_messages_are_kept_and_agents_of_one_type_stay_apart(self):
        server = self.start_server()
        note = {"conversation_id": "c1", "level": "system", "content": "Ada joined"}
        self.assertIn(server.ingest("log.entry", note)[0], (200, 201))
        self.assertEqual(server.ingest("message.created", message(1, content="x" * 100_001))[0], 201)
        self.assertEqual(server.ingest("message.created", message(2))[0], 201)
        stored = server.get("/api/sessions/c1/messages")["messages"]
        self.assertEqual([(m["agentId"], len(m["content"])) for m in stored], [("claude-1", 100_001), ("claude-0", 9)])

    def test_s3_numbers_times_texts_and_ids_that_cannot_be_are_refused(self):
        server = self.start_server()
        bad = [("message.created", message(1, cost=-5)), ("message.created", message(1, tokens_used=-1.5)),
               ("message.created", message(1, conversation_id="../../etc")), ("message.created", message(1, conversation_id="a'\x00b"))]
        self.assertEqual([server.ingest(kind, data)[0] for kind, data in bad], [400] * len(bad))
        self.assertEqual(server.ingest("message.created", message(1), "9999-01-05T08:00:04Z")[0], 400)
        head = f"POST /api/ingest HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {50 << 20}\r\n\r\n"
        self.assertEqual(server.raw(head.encode())[0], 413)
        self.assertEqual(server.get("/api/sessions")["sessions"], [])

    def test_s7_totals_are_those_of_the_rows_whatever_the_end_claims_and_whatever_comes_later(self):
        server = self.start_server()
        server.ingest("message.created", message(1, tokens_used=10, cost=0.5))
        server.ingest("conversation.completed", {"conversation_id": "c1", "status": "completed", "total_messages": 99,
                                                 "total_tokens": 999, "total_cost": 9.5})
        server.ingest("message.created", message(2, tokens_used=10, cost=0.5))
        session = server.get("/api/sessions/c1")
        self.assertEqual((session["totalMessages"], session["totalTokens"], session["totalCost"]), (2, 20, 1.0))
        self.assertEqual((session["reported"]["totalMessages"], session["reported"]["totalTokens"]), (99, 999))

    def test_s9_keys_are_stored_as_digests_and_several_are_valid_at_once(self):
        server = self.start_server()
        made = [self.run_bridge("web", "keys", "create", "--name", name, "--database", server.database_url).out.strip()
                for name in ("desk", "laptop")]
        raw = b"".join(path.read_bytes() for path in self.home.glob("web.db*"))
        self.assertEqual([key for key in made if key.encode() in raw], [])
        for key in made:
            while server.request("POST", "/api/ingest", {}, {"Authorization": f"Bearer {key}"}, key=False)[0] == 401:
                pass  # a running server learns of a key within a second

    def test_s10_no_cell_of_an_export_is_a_formula_and_newlines_stay(self):
        server = self.start_server()
        server.ingest("conversation.started", {**STARTED, "initial_prompt": "=cmd|'/c calc'!A0"})
        server.ingest("message.created", message(1, content="+1+1\nsecond, \"line\"", model="@model", agent_type="-claude"))
        text = server.request("GET", "/api/sessions/c1/export?format=csv")[2].decode()
        self.assertIn("\"'+1+1\nsecond, \"\"line\"\"\"", text)
        self.assertIn("'@model", text)
        self.assertIn("'-claude", text)
        rows = server.request("GET", "/api/sessions/export?format=csv")[2].decode()
        self.assertIn("'=cmd|", rows)
        self.assertNotIn(",=", text + rows)

    def test_s12_the_addresses_that_the_protocol_names_are_there(self):
        server = self.start_server()
        document = {"conversation": {"id": "up-1", "name": "n"}, "messages": []}
        self.assertEqual(server.post("/api/sessions/upload", document)[0], 201)
        self.assertEqual([s["id"] for s in server.get("/api/sessions")["sessions"]], ["up-1"])
        self.assertEqual(server.get("/api/sessions/up-1")["name"], "n")

    def test_s13_every_message_of_a_burst_reaches_who_watches(self):
        server = self.start_server()
        watcher = server.stream("/api/realtime/stream?conversationId=c1")
        watcher.next()
        burst = lines([{"type": "message.created", "data": message(n)} for n in range(1, 301)])
        status, _, body = server.request("POST", "/api/ingest/batch", burst, {"X-AgentPipe-Source": "s1", "X-AgentPipe-First": "1"})
        self.assertEqual((status, json.loads(body)["acked_n"]), (200, 300))
        self.assertEqual([watcher.next()[1]["data"]["message_id"] for _ in range(300)], [f"m-{n}" for n in range(1, 301)])
