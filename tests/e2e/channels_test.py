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
        self.assertEqual(os.readlink(f"/proc/{process.pid}/fd/2"), "/dev/null")
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


class Stopped(Case):
    def stop(self, process):
        """The first signal, once the command listens to signals at all: (exit code, output, messages)."""
        end = time.monotonic() + PATIENCE
        while not self.catches_sigterm(process) and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out.decode(), err.decode()

    def catches_sigterm(self, process):
        with open(f"/proc/{process.pid}/status") as status:
            caught = next(line for line in status if line.startswith("SigCgt:")).split()[1]
        return int(caught, 16) >> (signal.SIGTERM - 1) & 1

    def start(self, *arguments, stdin):
        process = subprocess.Popen([BINARY, *arguments], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=self.home, env=self.environment)
        self.addCleanup(process.kill)
        return process

    def test_an_upload_ends_while_standard_input_is_quiet(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        process = self.start("upload", "--url", "http://127.0.0.1:9", "-", stdin=reader)
        os.close(reader)
        os.write(writer, EVENTS.splitlines(keepends=True)[0])
        code, out, err = self.stop(process)
        self.assertEqual((code, err), (130, ""))
        self.assertIn("1 file not sent", out)

    def test_a_status_that_waits_for_the_server_ends_without_blaming_it(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        process = self.start("status", "--check", "--url", f"http://127.0.0.1:{silent.getsockname()[1]}",
                             stdin=subprocess.DEVNULL)
        self.assertEqual(self.stop(process), (130, "", ""))
