"""The three standard channels: closed, full, cut off, or quiet while a signal comes."""

import http.client
import os
import signal
import socket
import subprocess
import time

from harness import BINARY, FIXTURES, KEY, PATIENCE, Case, database_url

EVENTS = (FIXTURES / "events/two-agents.jsonl").read_bytes()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Closed(Case):
    def run_with(self, redirection, *arguments):
        """As a shell runs it with that redirection."""
        return subprocess.run(["sh", "-c", f'exec "$@" {redirection}', "sh", BINARY, *map(str, arguments)], input=EVENTS,
                              capture_output=True, timeout=PATIENCE, cwd=self.home, env=self.environment)

    def test_a_stream_does_not_write_into_its_own_sockets(self):
        server = self.start_server()
        self.environment["AGENTPIPE_STREAM_API_KEY"] = KEY
        for redirection in (">&-", "2>&-", ">&- 2>&-"):
            with self.subTest(redirection):
                done = self.run_with(redirection, "stream", "--tee", "--url", server.url)
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.run_with("<&-", "stream", "--url", server.url).returncode, 0)
        self.assertEqual(len(server.get("/api/sessions")["sessions"]), 1)

    def test_a_server_without_standard_error_serves_until_it_is_told_to_stop(self):
        port = free_port()
        process = subprocess.Popen(["sh", "-c", 'exec "$@" 2>&-', "sh", BINARY, "web", "serve", "--listen", f"127.0.0.1:{port}",
                                    "--log-level", "debug", "--database", database_url(self.home / "web.db")],
                                   env=self.environment, stdout=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        for _ in range(3):
            self.assertEqual(self.health(port), 200)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0)

    def health(self, port):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
                connection.request("GET", "/api/health")
                return connection.getresponse().status
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


class Output(Case):
    def commands(self):
        """Commands that print something, and what they need for it."""
        (self.home / "events.jsonl").write_bytes(EVENTS)
        database = database_url(self.home / "web.db")
        self.run_bridge("stream", "--url", "http://127.0.0.1:9", "--drain-timeout", "0s", stdin=EVENTS)
        self.run_bridge("web", "keys", "create", "--name", "laptop", "--database", database)
        return [
            ("--version",),
            ("--help",),
            ("status", "--json"),
            ("spool", "ls", "--json"),
            ("upload", "--dry-run", "--json", "events.jsonl"),
            ("setup", "--generate-key", "--yes"),
            ("web", "keys", "list", "--database", database),
        ]

    def test_what_could_not_be_printed_is_no_success(self):
        for arguments in self.commands():
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                done = subprocess.run([BINARY, *arguments], stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                      timeout=PATIENCE, cwd=self.home, env=self.environment)
                self.assertEqual(done.returncode, 74, done.stderr)
                self.assertIn(b"agentpipe-bridge: cannot write to standard output: No space left on device\n", done.stderr)

    def test_whoever_reads_only_the_beginning_hears_of_no_failure(self):
        for arguments in self.commands():
            with self.subTest(arguments):
                reader, writer = os.pipe()
                os.close(reader)
                done = subprocess.run([BINARY, *arguments], stdout=writer, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                      timeout=PATIENCE, cwd=self.home, env=self.environment)
                os.close(writer)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn(b"standard output", done.stderr)
