import threading
import time

from crowd import Crowd
from harness import PATIENCE, Case
from ingest_test import message

SUBSCRIBERS = 500
DEAF = 5
EVENTS = 200


class ManySubscribers(Case):
    def test_s6_five_hundred_get_every_event_once_in_order_though_one_in_a_hundred_reads_nothing(self):
        self.environment["AGENTPIPE_WEB_STREAMS_PER_KEY"] = "1000"
        server = self.start_server()
        crowd = Crowd(server.address, server.key, ["/api/realtime/stream"] * (SUBSCRIBERS - DEAF), DEAF)
        self.addCleanup(crowd.close)
        deadline = time.monotonic() + 3 * PATIENCE

        def until(condition):
            while not condition():
                self.assertLess(time.monotonic(), deadline)
                crowd.read(0.1)

        until(lambda: all(reader.greeted for reader in crowd.readers))
        sent = []

        def send():
            for number in range(1, EVENTS + 1):
                sent.append(server.ingest("message.created", message(number, content="x" * 1000))[0])

        sender = threading.Thread(target=send)
        sender.start()
        until(lambda: all(len(reader.ids) >= EVENTS for reader in crowd.readers))
        sender.join()
        self.assertEqual(sent, [201] * EVENTS)
        expected = crowd.readers[0].ids
        self.assertEqual(len(set(expected)), EVENTS)
        self.assertEqual([int(i.rpartition(b"-")[2]) for i in expected], list(range(1, EVENTS + 1)))
        self.assertEqual([n for n, reader in enumerate(crowd.readers) if reader.ids != expected], [])
        self.assertEqual(server.get("/api/sessions/c1")["totalMessages"], EVENTS)
