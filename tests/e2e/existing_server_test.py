"""The client with the existing Next.js server: one event a request, in order, and what a lost answer leaves open is asked."""

import json
import sys

import existing_server
from harness import FIXTURES, KEY, ROOT, Case

sys.path.insert(0, str(ROOT / "tests/fault"))

import proxy  # noqa: E402

SESSION = "7d1f0c52-0000-4000-8000-00000000000a"
INGEST, LOOK_UP = "/api/ingest", f"/api/conversations/{SESSION}"


class Script(proxy.Proxy):
    """Meets the events with these faults, one after the other; None: none. Questions pass."""

    def __init__(self, server, *faults):
        self.script = [proxy.FAULTS[name] if name else None for name in faults]
        super().__init__(server.address)

    def serve(self, client):
        file = client.makefile("rb")
        try:
            while request := proxy.read_message(file):
                fault = self.script.pop(0) if self.script and request.startswith(b"POST") else None
                link = proxy.Link(self, client, request)
                fault(link) if fault else link.reply(link.forward())
        except (proxy.Broken, OSError):
            pass


def event(kind, **data):
    return json.dumps({"type": kind, "timestamp": "2026-01-05T08:00:00Z", "data": {"conversation_id": SESSION, **data}}) + "\n"


def started(**data):
    return event("conversation.started", **{"mode": "reactive", "initial_prompt": "p", "participants": [], **data})


def message(number, content=None, **data):
    return event("message.created", **{"message_id": f"m-{number}", "agent_id": "claude-0", "agent_type": "claude",
                                       "content": content or f"word {number}", "sequence_number": number, **data})


COMPLETED = event("conversation.completed", status="completed")


class Existing(Case):
    def setUp(self):
        super().setUp()
        self.server = self.start()

    def start(self, **arguments):
        server = existing_server.ExistingServer(KEY, **arguments)
        self.addCleanup(server.close)
        return server

    def through(self, *faults):
        link = Script(self.server, *faults)
        self.addCleanup(link.close)
        return link

    def bridge(self, *arguments, data="", url=None):
        environment = {"AGENTPIPE_STREAM_ENABLED": "true", "AGENTPIPE_STREAM_URL": url or self.server.url,
                       "AGENTPIPE_STREAM_API_KEY": KEY}
        return self.run_bridge(*arguments, stdin=data.encode(), environment=environment)

    def row(self, session=SESSION):
        return self.server.tables.read(session)

    def contents(self, session=SESSION):
        return [stored["content"] for stored in self.row(session)["messages"]]

    def posts(self):
        """(path, status) of what was posted."""
        return [(path, status) for method, path, status in self.server.requests if method == "POST"]


class Stream(Existing):
    def test_events_go_one_by_one_in_their_order_in_the_form_that_it_takes(self):
        text = (FIXTURES / "events/two-agents.jsonl").read_text()
        done = self.bridge("stream", data=text)
        self.assertEqual(done.code, 0, done.err)
        told = [json.loads(line) for line in text.splitlines()]
        sent = [(e["type"], e["data"].get("conversation_id")) for e in told if e["type"] in existing_server.SCHEMAS]
        self.assertEqual([(kind, session) for kind, session, _ in self.server.tables.log], sent)
        self.assertEqual(self.contents(), [e["data"]["content"] for e in told if e["type"] == "message.created"])
        self.assertEqual(self.row()["status"], "COMPLETED")
        self.assertEqual(self.server.requests[0], ("GET", "/api/health", 404))
        self.assertEqual({path for _, path, _ in self.server.requests[1:]}, {INGEST})

    def test_what_its_schema_would_refuse_is_completed_shortened_or_left_out(self):
        long = "x" * 100_001
        summary = {"text": "t" * 20_000, "agent_type": "claude"}
        done = self.bridge("stream", data=started() + event("log.entry", level="system", content="a notice") + message(1, long)
                           + event("conversation.completed", status="completed", summary=summary))
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("1 event of types unknown to this server not sent", done.err)
        self.assertIn("2 events shortened to this server's limit", done.err)
        (content,) = self.contents()
        self.assertLessEqual(len(content), 100_000)
        self.assertEqual((self.row()["status"], {status for _, status in self.posts()}), ("COMPLETED", {200, 201}))

    def test_u4_an_event_whose_answer_is_lost_is_asked_for_and_not_stored_twice(self):
        link = self.through("drop_after", None, "cut_answer", "drop_before", "drop_after")
        done = self.bridge("stream", data=started() + message(1) + message(2) + COMPLETED, url=link.url)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("4 events delivered", done.err)
        self.assertEqual(self.contents(), ["word 1", "word 2"])
        self.assertEqual((self.row()["totalMessages"], self.row()["status"]), (2, "COMPLETED"))
        self.assertEqual(self.posts().count((INGEST, 500)), 3)
        self.assertIn(("GET", LOOK_UP, 200), self.server.requests)

    def test_u2_it_waits_for_the_beginning_before_the_first_message_whatever_the_server_says(self):
        link = self.through("server_error", "unavailable", "too_many", "portal", "server_error_after")
        done = self.bridge("stream", "--drain-timeout", "20s", data=started() + message(1) + COMPLETED, url=link.url)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual([kind for kind, _, _ in self.server.tables.log],
                         ["conversation.started", "message.created", "conversation.completed"])
        self.assertEqual(self.contents(), ["word 1"])

    def test_a_file_that_is_sent_again_costs_one_refusal_and_one_question(self):
        file = self.home / "session.jsonl"
        file.write_text(started() + "".join(message(number) for number in range(1, 101)) + COMPLETED)
        self.assertEqual(self.bridge("stream", file).code, 0)
        del self.server.requests[:]
        done = self.bridge("stream", file)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("102 events delivered", done.err)
        self.assertEqual(self.contents(), [f"word {number}" for number in range(1, 101)])
        self.assertEqual(self.server.requests, [("GET", "/api/health", 404), ("POST", INGEST, 500), ("GET", LOOK_UP, 200),
                                                ("POST", INGEST, 200)])

    def test_messages_of_a_conversation_that_it_never_heard_of_are_not_lost(self):
        done = self.bridge("stream", "--drain-timeout", "25s", data=message(7) + message(8) + COMPLETED)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(self.contents(), ["word 7", "word 8"])
        self.assertEqual((self.row()["mode"], self.row()["status"]), ("unknown", "COMPLETED"))

    def test_messages_of_the_same_name_in_two_conversations_are_both_stored(self):
        other = "another-conversation"
        both = started() + message(1) + started(conversation_id=other) + message(1, "other word", conversation_id=other)
        done = self.bridge("stream", data=both)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual((self.contents(), self.contents(other)), (["word 1"], ["other word"]))

    def test_what_could_not_be_delivered_is_delivered_by_spool_flush_also_when_the_answers_were_lost(self):
        link = self.through(*["drop_after"] * 100)
        data = started() + message(1) + message(2) + COMPLETED
        self.assertEqual(self.bridge("stream", "--drain-timeout", "0s", data=data, url=link.url).code, 75)
        link.script.clear()
        done = self.bridge("spool", "flush", url=link.url)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual((self.contents(), self.row()["status"]), (["word 1", "word 2"], "COMPLETED"))

    def test_a_wrong_key_pauses_and_keeps_everything(self):
        other = self.start(tables=self.server.tables)
        other.key = "another"
        done = self.bridge("stream", "--drain-timeout", "1s", data=started() + message(1), url=other.url)
        self.assertEqual(done.code, 77, done.err)
        self.assertIn("Invalid API key", done.err)
        other.key = KEY
        self.assertEqual(self.bridge("spool", "flush", url=other.url).code, 0)
        self.assertEqual(self.contents(), ["word 1"])


class Upload(Existing):
    def setUp(self):
        super().setUp()
        self.file = self.home / "session.jsonl"
        self.whole = started() + message(1) + message(2) + COMPLETED

    def upload(self, text, url=None):
        self.file.write_text(text)
        done = self.bridge("upload", "--json", self.file, url=url)
        self.assertEqual(done.code, 0, done.out + done.err)
        (session,) = json.loads(done.out.splitlines()[0])["sessions"]
        return session["result"], session["messages_created"]

    def test_a_session_goes_in_once_grows_and_is_known_again(self):
        self.assertEqual(self.upload(started() + message(1)), ("new", 1))
        self.assertEqual(self.upload(self.whole), ("grown", 1))
        self.assertEqual(self.upload(self.whole), ("unchanged", 0))
        self.assertEqual((self.contents(), self.row()["status"]), (["word 1", "word 2"], "COMPLETED"))
        self.assertEqual(self.posts()[0], ("/api/sessions/upload?conflicts=keep", 404))

    def test_lost_answers_neither_double_nor_lose_anything(self):
        link = self.through(None, "drop_after", "drop_after", "server_error", "server_error_after", None, "drop_after")
        self.assertEqual(self.upload(self.whole, link.url), ("new", 2))
        self.assertEqual((self.contents(), self.row()["status"]), (["word 1", "word 2"], "COMPLETED"))

    def test_an_end_that_is_missing_is_sent_although_all_messages_are_there(self):
        self.assertEqual(self.bridge("stream", data=started() + message(1) + message(2)).code, 0)
        self.assertEqual(self.upload(self.whole), ("grown", 0))
        self.assertEqual(self.row()["status"], "COMPLETED")
        self.assertEqual(self.upload(self.whole), ("unchanged", 0))
