#!/usr/bin/env python3
"""What finding, remembering and following many session files costs: agent_homes.py [FILES] (15,000). Prints one figure a line.

Makes a home folder of small Claude Code sessions, uploads them twice, then follows them. AGENTPIPE_BIN names the binary."""

import json
import os
import pathlib
import resource
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from harness import BINARY, Case  # noqa: E402

IDLE_SECONDS = 20


def record(session, number):
    return json.dumps({"type": "user", "uuid": f"{session}-{number}", "sessionId": session, "cwd": "/work/p", "timestamp":
                       "2026-01-05T08:00:00.000Z", "message": {"role": "user", "content": f"word {number} " + 300 * "x"}}) + "\n"


def make(home, files):
    old = time.time() - 3 * 86400
    for number in range(files):
        folder = home / f".claude/projects/p-{number % 300}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"s-{number}.jsonl"
        path.write_text("".join(record(f"s-{number}", line) for line in range(3)))
        os.utime(path, (old, old))


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_and_memory(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    kilobytes = int(status.split("VmRSS:")[1].split()[0])
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), kilobytes / 1024


class Homes(Case):
    def runTest(self):
        files = int(sys.argv[1]) if len(sys.argv) > 1 else 15_000
        make(self.home, files)
        server = self.start_server()
        self.set_up_client(server)
        for word in ("first", "second"):
            begin, used = time.monotonic(), cpu_of_children()
            done = subprocess.run([BINARY, "upload", "--all"], capture_output=True, env=self.environment, cwd=self.home)
            print(f"{word} upload --all of {files} files: {time.monotonic() - begin:.2f} s, CPU {cpu_of_children() - used:.2f} s: {done.stdout.decode().splitlines()[-1]}", flush=True)
        begin = time.monotonic()
        subprocess.run([BINARY, "status"], capture_output=True, env=self.environment, check=True)
        print(f"status: {(time.monotonic() - begin) * 1000:.0f} ms", flush=True)
        for arguments in ([], ["--since", "30d"]):
            self.follow(server, arguments)

    def follow(self, server, arguments):
        process = subprocess.Popen([BINARY, "stream", "--follow", "--all", *arguments], stdin=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=self.environment, cwd=self.home)
        before = -1.0
        while cpu_and_memory(process.pid)[0] != before:
            before = cpu_and_memory(process.pid)[0]
            time.sleep(1)
        time.sleep(IDLE_SECONDS)
        after, memory = cpu_and_memory(process.pid)
        print(f"follow --all {' '.join(arguments)}: idle {100 * (after - before) / IDLE_SECONDS:.2f} % of a core, {memory:.1f} MB", flush=True)
        watcher = server.stream("/api/realtime/stream")
        for attempt in range(5):
            path = self.home / f".claude/projects/p-7/new-{len(arguments)}-{attempt}.jsonl"
            begin = time.monotonic()
            path.write_text(record(path.stem, 1))
            while path.stem not in json.dumps(watcher.next()[1]):
                pass
            print(f"append to browser: {(time.monotonic() - begin) * 1000:.0f} ms", flush=True)
        process.terminate()
        process.wait()


if __name__ == "__main__":
    case = Homes()
    case.debug()
