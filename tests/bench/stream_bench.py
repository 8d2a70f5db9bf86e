#!/usr/bin/env python3
"""The whole way of `stream`: stream_bench.py BINARY [--events N] [--backlog MIB]. Real processes on loopback, every event
durable on both ends. Figures of one run belong together; compare the ratios.

- rate: N events of 1 KB from a pipe into the server's database
- latency: from the line on standard input to the frame at a live subscriber, which is sent after the commit
- tee: what a line takes through `stream --tee` with the server down, beside `cat` and `tee`
- backlog: memory while so many MiB wait in the spool, and the time to deliver them"""

import argparse
import os
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fault"))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("binary")
parser.add_argument("--events", type=int, default=100_000)
parser.add_argument("--backlog", type=int, default=64, help="MiB, up to the 1024 of a full spool; 0: leave out")
options = parser.parse_args()
options.binary = str(pathlib.Path(options.binary).resolve())
os.environ["AGENTPIPE_BIN"] = options.binary

import actors  # noqa: E402
import generator  # noqa: E402

NOWHERE = "http://127.0.0.1:9"
STAMP = 110  # bytes that a bridge and its spool add to a line
SPARE = 0.98  # the last of a full spool is kept for gaps, and other runs are here


def share(values, part):
    return sorted(values)[int(part * (len(values) - 1))]


def message(session, number, size=700):
    return generator.dumped({"type": "message.created", "timestamp": "2026-01-05T08:00:04Z", "data": {
        "conversation_id": session, "message_id": f"{session}-{number}", "agent_id": "claude-0", "agent_type": "claude",
        "content": f"{number} " + ("the quick brown fox jumps over the lazy dog " * 40)[:size]}}).encode()


def rate(world):
    data = b"".join(message("rate", number) for number in range(options.events))
    began = time.monotonic()
    code, words = world.run("stream", data=data)
    seconds = time.monotonic() - began
    assert code == 0, words
    print(f"stream into the database: {options.events / seconds:,.0f} events/s, {len(data) / options.events:.0f} bytes each")


def latency(world, per_second, seconds):
    session = f"latency-{per_second}"
    arrived = {}
    stream = world.server.stream(f"/api/realtime/stream?conversationId={session}")
    count = per_second * seconds

    def listen():
        while len(arrived) < count:
            data = stream.next()[1]
            if data["type"] == "message.created":
                arrived[int(data["data"]["content"].split(" ")[0])] = time.monotonic()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    process = world.start("stream", stdin=subprocess.PIPE)
    time.sleep(0.3)
    sent = []
    began = time.monotonic()
    for number in range(count):
        time.sleep(max(began + number / per_second - time.monotonic(), 0))
        sent.append(time.monotonic())
        process.stdin.write(message(session, number))
        process.stdin.flush()
    listener.join(30)
    process.stdin.close()
    process.wait()
    waits = [1e3 * (arrived[number] - sent[number]) for number in range(count)]
    print(f"line to commit at {per_second}/s: p50 {share(waits, 0.5):.1f} ms, p99 {share(waits, 0.99):.1f} ms")


class Pipe:
    """A program that passes on what it reads, and how long each line takes through it."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        self.times = []

    def take(self, line):
        began = time.monotonic()
        os.write(self.process.stdin.fileno(), line)
        got = 0
        while got < len(line):
            got += len(os.read(self.process.stdout.fileno(), 65536))
        self.times.append(1e6 * (time.monotonic() - began))

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        return f"p50 {share(self.times, 0.5):.0f} us, p99 {share(self.times, 0.99):.0f} us"


def tee(world, what, pause, rounds):
    """Each line goes through all of them, one after the other: what else the machine does meets them alike."""
    pipes = {"cat": Pipe(["cat"], os.environ), "tee": Pipe(["tee", "/dev/null"], os.environ),
             "stream --tee with the server down": Pipe([options.binary, "stream", "--tee", "--drain-timeout", "0s"], world.environment(NOWHERE))}
    for number in range(rounds):
        for pipe in pipes.values():
            pipe.take(message("tee", number))
            time.sleep(pause)
    print(f"a line through, {what}: " + "; ".join(f"{name} {pipe.close()}" for name, pipe in pipes.items()))


def peak(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0


def in_spool(world):
    return sum(path.stat().st_size for path in world.state.rglob("*.seg"))


def backlog(world):
    count = int((options.backlog << 20) * SPARE / (len(message("backlog", 10**6, 750)) + STAMP))
    before = in_spool(world)
    door = actors.Door()
    process = world.start("stream", "--drain-timeout", "0s", url=door.url, stdin=subprocess.PIPE)
    for number in range(count):
        process.stdin.write(message("backlog", number, 750))
    process.stdin.flush()
    taking = peak(process)
    process.stdin.close()
    assert process.wait() == actors.SPOOLED, actors.words_of(process)
    spooled = (in_spool(world) - before) / 2**20
    door.open(world.address())
    began = time.monotonic()
    process = world.start("spool", "flush", "--drain-timeout", "60s", url=door.url)
    most = 0
    while process.poll() is None:
        most = max(most, peak(process))
        time.sleep(0.02)
    assert process.returncode == 0, actors.words_of(process)
    seconds = time.monotonic() - began
    door.close()
    print(f"{spooled:.0f} MiB waiting: {taking:.0f} MiB memory while taking, {most:.0f} MiB while delivering, "
          f"{count / seconds:,.0f} events/s, {seconds:.1f} s through a proxy")


def main():
    world = actors.World(1)
    world.start_server()
    try:
        rate(world)
        latency(world, 10, 5)
        latency(world, 1000, 3)
        tee(world, "one at a time", 0.0005, 4000)
        tee(world, "without a pause", 0, 4000)
        if options.backlog:
            backlog(world)
    finally:
        world.close()


main()
