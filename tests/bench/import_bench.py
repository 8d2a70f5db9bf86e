#!/usr/bin/env python3
"""Importing many sessions: import_bench.py BINARY [OTHER] [--sessions N] [--messages N] [--rounds N] [--like FILE].

Makes N Claude Code sessions and uploads them to an empty server, in turns with another binary where one is named (it runs
both ends; `--server` names one for the server alone). Prints the time from start to end and the CPU seconds of both ends;
figures of one run belong together, compare the ratios. `--like` takes the records of a real file in place of made ones."""

import argparse
import json
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import harness  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("binaries", nargs="+", metavar="BINARY")
parser.add_argument("--server")
parser.add_argument("--sessions", type=int, default=1000)
parser.add_argument("--messages", type=int, default=100)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--like", type=pathlib.Path)
parser.add_argument("--arguments", default="", help="more for `upload`: \"--jobs 8\"")
options = parser.parse_args()

WORDS = ("the function returns a value that nobody reads because the caller was changed last week; src/main.cpp line 42 "
         "const auto found = table.find(key); error: expected ';' before 'return' /work/project/lib/base/text.hpp "
         "\"quoted\" `code` naïve — https://example.org/a?b=c {\"key\": [1, 2, 3]}").split(" ")


def text(words, size):
    said = []
    length = 0
    while length < size:
        said.append(words.choice(WORDS))
        length += len(said[-1]) + 1
    return " ".join(said)


def made(session, words):
    """Prompts and answers in turns."""
    for number in range(options.messages):
        base = {"uuid": f"{session}-{number}", "parentUuid": f"{session}-{number - 1}", "sessionId": session, "cwd": "/work/project",
                "version": "2.0.0", "gitBranch": "main", "isSidechain": False, "userType": "external",
                "timestamp": f"2026-01-05T08:{number // 60 % 60:02}:{number % 60:02}.000Z"}
        if number % 2 == 0:
            yield {"type": "user", **base, "message": {"role": "user", "content": text(words, 300)}}
        else:
            usage = {"input_tokens": 4, "cache_creation_input_tokens": 900, "cache_read_input_tokens": 16000, "output_tokens": 210}
            yield {"type": "assistant", **base, "requestId": f"req_{session}{number}", "message": {
                "id": f"msg_{session}{number}", "type": "message", "role": "assistant", "model": "claude-sonnet-4-20250514",
                "content": [{"type": "text", "text": text(words, 1200)}], "usage": usage}}


def copied(session, lines):
    """A run of as many prompts and answers, with ids of its own."""
    seen = set()
    for line in lines:
        record = json.loads(line)
        if len(seen) > options.messages:
            return
        seen.add(record.get("message", {}).get("id", record.get("uuid")))
        for name in ("uuid", "parentUuid", "requestId"):
            if record.get(name):
                record[name] = f"{session[:8]}-{record[name]}"
        if "id" in record.get("message", {}):
            record["message"]["id"] = f"{session[:8]}-{record['message']['id']}"
        record["sessionId"] = session
        yield record


def make(folder):
    words = random.Random("import")
    lines = options.like.read_text(encoding="utf-8").splitlines() if options.like else None
    old = time.time() - 3 * 86400
    total = 0
    for number in range(options.sessions):
        session = str(uuid.UUID(int=words.getrandbits(128), version=4))
        path = folder / f"project-{number % 30}" / f"{session}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        records = copied(session, lines) if lines else made(session, words)
        path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
        os.utime(path, (old, old))
        total += path.stat().st_size
    print(f"{options.sessions} sessions of {options.messages} messages, {total / 2**20:.0f} MiB", flush=True)


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def once(binary, folder):
    """(seconds, CPU of the client, CPU of the server)"""
    with tempfile.TemporaryDirectory(prefix="agentpipe-import-") as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home}
        harness.BINARY = options.server or binary
        server = harness.Server(pathlib.Path(home), environment)
        environment |= {"AGENTPIPE_STREAM_ENABLED": "true", "AGENTPIPE_STREAM_URL": server.url, "AGENTPIPE_STREAM_API_KEY": harness.KEY}
        idle = cpu_of(server.process.pid)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        done = subprocess.run([binary, "upload", str(folder), *options.arguments.split()], capture_output=True, env=environment, check=False)
        seconds = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        serving = cpu_of(server.process.pid) - idle
        server.kill()
        said = (done.stdout + done.stderr).decode().strip().splitlines()
        assert done.returncode == 0 and f"{options.sessions:,} new" in said[-1], said[-5:]
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, serving


def main():
    binaries = [str(pathlib.Path(binary).resolve()) for binary in options.binaries]
    with tempfile.TemporaryDirectory(prefix="agentpipe-sessions-") as folder:
        make(pathlib.Path(folder))
        runs = [[once(binary, folder) for binary in binaries] for _ in range(options.rounds)]
    for place, binary in enumerate(binaries):
        seconds, client, server = (statistics.median(turn[place][figure] for turn in runs) for figure in range(3))
        print(f"{binary}: {seconds:.2f} s, CPU client {client:.2f} s, server {server:.2f} s")
    for place in range(1, len(binaries)):
        ratios = [statistics.median(turn[place][figure] / turn[0][figure] for turn in runs) for figure in range(3)]
        print(f"the other to the first: time {ratios[0]:.2f}, CPU client {ratios[1]:.2f}, server {ratios[2]:.2f}")


main()
