"""What the end-to-end tests share: the real binary as a server and as a client, each test in a home of its own."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("AGENTPIPE_BIN", str(ROOT / "build/dev/bin/agentpipe-bridge"))
FIXTURES = ROOT / "tests/fixtures"
SHARED = ROOT.parent / "shared/fixtures/agentpipe-go"
KEY = "ap_live_end_to_end_canary_0123456789"
PATIENCE = 30  # seconds until a hang is called one

# What follows "postgresql:///DATABASE?" when the servers of all tests shall keep their data there (tests/support/with_postgres).
POSTGRES = os.environ.get("AGENTPIPE_TEST_POSTGRES")

needs_shared = unittest.skipUnless(SHARED.exists(), "the Go CLI's recorded files are not beside the checkout")
needs_file = unittest.skipIf(POSTGRES, "about a SQLite file")


def administer(sql):
    """Runs it in the PostgreSQL database that is always there."""
    subprocess.run(["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"postgresql:///postgres?{POSTGRES}", "--command", sql],
                   check=True, capture_output=True)


def database_url(file):
    """Where a server keeps its data: in that file, or in a PostgreSQL database that is named after it."""
    if not POSTGRES:
        return f"sqlite:{file}"
    name = re.sub("[^a-z0-9]", "_", str(file).lower())[-60:]
    exists = subprocess.run(["psql", f"postgresql:///{name}?{POSTGRES}", "--command", ""], capture_output=True).returncode == 0
    if not exists:
        administer(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return f"postgresql:///{name}?{POSTGRES}"


class Case(unittest.TestCase):
    """A test with an empty home directory and an environment without settings."""

    maxDiff = None

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="agentpipe-e2e-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        keep = ("PATH", "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "LANG")
        self.environment = {name: os.environ[name] for name in keep if name in os.environ}
        self.environment["HOME"] = str(self.home)

    def run_bridge(self, *arguments, stdin=b"", environment=None, cwd=None):
        """Runs the client to its end."""
        return Ended(subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, timeout=PATIENCE,
                                    cwd=cwd or self.home, env={**self.environment, **(environment or {})}))

    def start_server(self, *arguments, key=KEY, **keywords):
        server = Server(self.home, self.environment, arguments, key, **keywords)
        self.addCleanup(server.kill)
        return server

    def set_up_client(self, server, key=KEY):
        done = self.run_bridge("setup", "--url", server.url, "--api-key-stdin", "--enable", "--yes", stdin=key.encode())
        self.assertEqual(done.code, 0, done.err)


class Ended:
    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()

    def json(self):
        return json.loads(self.out)


class Server:
    """agentpipe-web on a free port; ready when the constructor returns."""

    def __init__(self, home, environment, arguments=(), key=KEY, database="web.db"):
        self.database = home / database
        self.database_url = database_url(self.database)
        self.environment = {**environment, **({"AGENTPIPE_BRIDGE_API_KEY": key} if key else {})}
        self.arguments = [BINARY, "web", "serve", "--listen", "127.0.0.1:0", "--database", self.database_url,
                          *map(str, arguments)]
        self.key = key
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment)
        self.lines = []
        found = threading.Event()
        self.reader = threading.Thread(target=self._read, args=(found,), daemon=True)
        self.reader.start()
        self.other = threading.Thread(target=self._read_out, daemon=True)
        self.other.start()
        if not found.wait(PATIENCE) or self.url is None:
            self.kill()
            raise AssertionError("the server did not start:\n" + "".join(self.lines))

    def _read(self, found):
        self.url = None
        for line in self.process.stderr:
            self.lines.append(line.decode())
            match = re.search(r"https?://(127\.0\.0\.1:\d+)", self.lines[-1])
            if match and self.url is None and "listening" in self.lines[-1]:
                self.url = match.group(0)
                self.address = match.group(1)
                found.set()
        found.set()

    def _read_out(self):
        self.out = self.process.stdout.read().decode()

    def request(self, method, path, body=None, headers=None, key=True):
        """One request on a connection of its own: (status, headers, body)."""
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        sent = dict(headers or {})
        if key and self.key:
            sent.setdefault("Authorization", f"Bearer {self.key}")
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content

    def get(self, path, expect=200):
        status, _, content = self.request("GET", path)
        assert status == expect, (status, content)
        return json.loads(content)

    def post(self, path, body, key=True):
        status, _, content = self.request("POST", path, body, key=key)
        return status, json.loads(content)

    def ingest(self, kind, data, timestamp="2026-01-05T08:00:04Z"):
        return self.post("/api/ingest", {"type": kind, "timestamp": timestamp, "data": data})

    def raw(self, data):
        """Bytes in, bytes out, until the server closes or answers once."""
        host, port = self.address.split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
            connection.sendall(data)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status, answer.headers, answer.read()

    def stream(self, path, headers=None):
        return EventStream(self.address, path, {"Authorization": f"Bearer {self.key}", **(headers or {})})

    def stop(self, kind=signal.SIGTERM):
        """Asks it to end and waits: the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(kind)
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.other.join(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.stop()


class EventStream:
    """A reader of server-sent events: next() gives (id, data)."""

    def __init__(self, address, path, headers):
        self.connection = http.client.HTTPConnection(address, timeout=PATIENCE)
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.headers = self.answer.headers

    def next_frame(self):
        frame = {}
        while True:
            line = self.answer.readline().decode()
            if line == "":
                raise EOFError
            line = line.rstrip("\n")
            if line == "":
                if frame:
                    return frame
                continue
            if line.startswith(":"):
                continue
            name, _, value = line.partition(":")
            frame[name] = value.removeprefix(" ")

    def next(self):
        """The next frame with data that is not a ping."""
        while True:
            frame = self.next_frame()
            if "data" not in frame:
                continue
            data = json.loads(frame["data"])
            if data["type"] != "ping":
                return frame.get("id"), data

    def close(self):
        self.connection.close()
