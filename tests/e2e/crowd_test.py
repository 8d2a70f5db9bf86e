import signal
import threading
import time

from crowd import Crowd, number
from harness import PATIENCE, Case
from ingest_test import message

SUBSCRIBERS = 500
DEAF = 5
EVENTS = 200
RESUMING = 200


class ManySubscribers(Case):
    def setUp(self):
        super().setUp()
        self.environment["AGENTPIPE_WEB_STREAMS_PER_KEY"] = "1000"
        self.server = self.start_server()
        self.deadline = time.monotonic() + 3 * PATIENCE

    def gather(self, readers, deaf):
        crowd = Crowd(self.server.address, self.server.key, ["/api/realtime/stream"] * readers, deaf)
        self.addCleanup(crowd.close)
        self.until(crowd, lambda: all(reader.greeted for reader in crowd.readers))
        return crowd

    def until(self, crowd, condition):
        self.assertTrue(crowd.read_until(condition, lambda: time.monotonic() > self.deadline))

    def send(self, first, last):
        return [self.server.ingest("message.created", message(n, content="x" * 1000))[0] for n in range(first, last + 1)]

    def test_s6_five_hundred_get_every_event_once_in_order_though_one_in_a_hundred_reads_nothing(self):
        crowd = self.gather(SUBSCRIBERS - DEAF, DEAF)
        sent = []
        sender = threading.Thread(target=lambda: sent.extend(self.send(1, EVENTS)))
        sender.start()
        self.until(crowd, lambda: all(len(reader.ids) >= EVENTS for reader in crowd.readers))
        sender.join()
        self.assertEqual(sent, [201] * EVENTS)
        expected = crowd.readers[0].ids
        self.assertEqual(len(set(expected)), EVENTS)
        self.assertEqual([number(i) for i in expected], list(range(1, EVENTS + 1)))
        self.assertEqual([n for n, reader in enumerate(crowd.readers) if reader.ids != expected], [])
        self.assertEqual(self.server.get("/api/sessions/c1")["totalMessages"], EVENTS)

    def test_all_resume_with_the_exact_sequence_after_their_server_was_killed_under_them(self):
        crowd = self.gather(RESUMING, 0)
        self.send(1, 20)
        self.until(crowd, lambda: crowd.readers[0].ids)  # the others are anywhere
        self.server.stop(signal.SIGKILL)
        self.until(crowd, lambda: all(reader.closed for reader in crowd.readers))
        self.server.arguments[self.server.arguments.index("--listen") + 1] = self.server.address
        self.server.start()
        self.send(21, 30)
        crowd.come_back()
        self.send(31, 40)
        self.until(crowd, lambda: all(len(reader.ids) >= 40 for reader in crowd.readers))
        self.assertEqual([n for n, reader in enumerate(crowd.readers) if [number(i) for i in reader.ids] != list(range(1, 41))], [])
