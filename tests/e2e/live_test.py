import signal

from harness import PATIENCE, Case
from ingest_test import STARTED, message


class Live(Case):
    def test_s4_a_watcher_sees_events_in_order_and_only_of_its_conversation(self):
        server = self.start_server()
        everything = server.stream("/api/realtime/stream")
        one = server.stream("/api/stream?conversationId=c1")
        self.assertEqual(everything.headers["Content-Type"].split(";")[0], "text/event-stream")
        self.assertEqual(everything.next()[1]["type"], "connection.established")
        self.assertEqual(one.next()[1]["type"], "connection.established")
        server.ingest("conversation.started", STARTED)
        server.ingest("conversation.started", {**STARTED, "conversation_id": "c2"})
        server.ingest("message.created", message(1))
        seen = [everything.next() for _ in range(3)]
        self.assertEqual([(d["type"], d["data"]["conversation_id"]) for _, d in seen],
                         [("conversation.started", "c1"), ("conversation.started", "c2"), ("message.created", "c1")])
        self.assertEqual([one.next()[1]["type"] for _ in range(2)], ["conversation.started", "message.created"])
        data = seen[2][1]["data"]
        self.assertEqual((data["content"], data["agent_id"], data["sequence_number"]), ("message 1", "claude-1", 1))

    def test_s5_a_stream_resumes_behind_the_last_event_also_after_a_restart(self):
        server = self.start_server()
        stream = server.stream("/api/realtime/stream")
        stream.next()
        for number in (1, 2):
            server.ingest("message.created", message(number))
        first, _ = stream.next()
        stream.close()
        server.ingest("message.created", message(3))

        def resumed(headers=None, query=""):
            again = server.stream("/api/realtime/stream" + query, headers)
            again.next()
            contents = [again.next()[1]["data"]["content"] for _ in range(2)]
            again.close()
            return contents

        self.assertEqual(resumed({"Last-Event-ID": first}), ["message 2", "message 3"])
        self.assertEqual(resumed(query="?last_event_id=" + first), ["message 2", "message 3"])
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(resumed({"Last-Event-ID": first}), ["message 2", "message 3"])

    def test_a_cursor_of_another_database_is_answered_with_reset(self):
        server = self.start_server()
        stream = server.stream("/api/realtime/stream", {"Last-Event-ID": "elsewhere-5"})
        types = [stream.next()[1]["type"], stream.next()[1]["type"]]
        self.assertEqual(sorted(types), ["connection.established", "reset"])

    def test_a_stopping_server_ends_its_streams_and_exits_cleanly(self):
        server = self.start_server()
        stream = server.stream("/api/realtime/stream")
        stream.next()
        server.process.send_signal(signal.SIGTERM)
        with self.assertRaises(EOFError):
            while True:
                stream.next_frame()
        self.assertEqual(server.process.wait(PATIENCE), 0)

    def test_what_was_acknowledged_survives_a_kill(self):
        server = self.start_server()
        for number in range(1, 21):
            self.assertEqual(server.ingest("message.created", message(number))[0], 201)
        server.stop(signal.SIGKILL)
        server.start()
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], 20)
