from harness import Case
from ingest_test import STARTED, message


class Silence(Case):
    def test_a_session_without_events_becomes_interrupted_before_the_watchers_eyes_and_comes_back(self):
        server = self.start_server("--silence-timeout", "1s")
        stream = server.stream("/api/realtime/stream")
        stream.next()
        server.ingest("conversation.started", STARTED)
        self.assertEqual(stream.next()[1]["type"], "conversation.started")
        told = stream.next()[1]
        self.assertEqual((told["type"], told["data"]["status"], told["data"]["inferred"]),
                         ("conversation.updated", "INTERRUPTED", True))
        session = server.get("/api/sessions/c1")
        self.assertEqual((session["status"], session["statusInferred"]), ("INTERRUPTED", True))
        server.ingest("message.created", message(1))
        self.assertEqual(stream.next()[1]["type"], "message.created")
        told = stream.next()[1]
        self.assertEqual((told["data"]["status"], told["data"]["inferred"]), ("ACTIVE", True))
