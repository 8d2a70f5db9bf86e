"""kill -9 of the server under four clients."""

import http.client
import json
import subprocess
import threading
import time

import actors
import checker
import generator
import harness

WHAT = "kill -9 of the server under four clients: every acknowledged event is there once, integrity_check says ok"
CI = 5
BIG = 200
KILLS = 10


class Poster:
    """A client that sends one event a request and writes down which ones were acknowledged."""

    def __init__(self, world, session):
        self.session = session
        self.acknowledged = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(world.address(),), daemon=True)
        self.thread.start()

    def _run(self, address):
        headers = {"Authorization": f"Bearer {harness.KEY}", "Content-Type": "application/json"}
        connection = None
        while self.acknowledged < len(self.session.events):
            try:
                connection = connection or http.client.HTTPConnection(*address, timeout=10)
                connection.request("POST", "/api/ingest", self.session.events[self.acknowledged].line.encode(), headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status in (200, 201):
                    self.acknowledged += 1
            except (OSError, http.client.HTTPException):
                connection = None
                time.sleep(0.005)
        self.over.set()


class Subscriber:
    """Follows the log over all the server's lives: (id, type) of each frame."""

    def __init__(self, world):
        self.world = world
        self.frames = []
        self.stopped = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        last = None
        while not self.stopped:
            try:
                stream = self.world.server.stream("/api/realtime/stream", {"Last-Event-ID": last} if last else {})
                while True:
                    frame_id, data = stream.next()
                    if frame_id is not None:
                        last = frame_id
                        self.frames.append((frame_id, data["type"]))
            except (OSError, EOFError, http.client.HTTPException, json.JSONDecodeError, AttributeError):
                time.sleep(0.005)


def run(world):
    world.start_server()
    subscriber = Subscriber(world)
    time.sleep(0.05)
    posters = [Poster(world, generator.Session(f"{world.seed}/poster {i}", 400)) for i in range(2)]
    sessions, bridges = [], []
    for i in range(2):
        session = generator.Session(f"{world.seed}/bridge {i}", 3000)
        process = world.start("stream", stdin=subprocess.PIPE)
        writer = actors.Writer(session, process.stdin.write, 0.12 * KILLS, world.random)
        sessions.append(session)
        bridges.append((process, writer))
    for _ in range(KILLS):
        time.sleep(world.random.uniform(0.02, 0.2))
        acknowledged = kill(world, posters)
        for poster, count in zip(posters, acknowledged):
            stored = world.stored(poster.session)
            if stored < count:
                world.findings.add("lost", f"{poster.session.id}: {count} acknowledged, {stored} stored after a kill")
        world.start_server()
    for process, writer in bridges:
        writer.join()
        process.stdin.close()
        actors.end_of_input(process, world)
    world.flush()
    finish(world, posters, subscriber, sessions)


def kill(world, posters):
    """What the posters knew to be stored before the server died."""
    acknowledged = [poster.acknowledged for poster in posters]
    world.server.kill()
    world.count("kills")
    return acknowledged


def finish(world, posters, subscriber, sessions):
    for poster in posters:
        if not poster.over.wait(actors.PATIENCE):
            world.findings.add("wrong", "a poster does not get on")
    for session in [*sessions, *(poster.session for poster in posters)]:
        world.check(session)
    last = world.database.execute("SELECT max(n) FROM events").fetchone()[0]
    deadline = time.monotonic() + actors.PATIENCE
    while (not subscriber.frames or int(subscriber.frames[-1][0].rsplit("-", 1)[1]) < last) and time.monotonic() < deadline:
        time.sleep(0.01)
    subscriber.stopped = True
    checker.check_transcript(world.database, subscriber.frames, world.findings)
    world.server.stop()
    checker.check_integrity(world.database, world.findings)
