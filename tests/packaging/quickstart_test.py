#!/usr/bin/env python3
"""packaging/quickstart in an empty home directory, without and on a terminal. Ends with "N passed, M failed"."""

import json
import os
import pathlib
import pty
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUICKSTART = ROOT / "packaging/quickstart"
PATIENCE = 1800  # seconds: the first run may build
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/sessions/([0-9a-f-]{36})")
CHECKED = "Checked: 14 messages, each once and in order"


def get(url):
    """The JSON answer, past any proxy."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return json.load(answer)


class Terminal:
    """quickstart on a terminal of its own, at whose keyboard the test sits."""

    def __init__(self, environment, *arguments):
        self.output = ""
        self.pid, self.keyboard = pty.fork()
        if self.pid == 0:
            # Whoever started the tests in the background ignores them, and bash cannot trap what it inherits ignored.
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            os.execve(QUICKSTART, [str(QUICKSTART), *arguments], environment)

    def wait_for(self, pattern):
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.output)):
            if time.monotonic() > deadline or not self._read():
                raise AssertionError(f"{pattern!r} did not appear in:\n{self.output}")
        return found

    def press_interrupt(self):
        os.write(self.keyboard, b"\x03")

    def end(self):
        """The exit code, after everything it had to say."""
        while self._read():
            pass
        os.close(self.keyboard)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self):
        try:
            chunk = os.read(self.keyboard, 65536)
        except OSError:  # nobody holds the other end any more
            return False
        self.output += chunk.decode(errors="replace")
        return bool(chunk)


class Quickstart(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="agentpipe-quickstart-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "AGENTPIPE_"))}
        self.environment = {**kept, "HOME": str(self.home), "TERM": "xterm"}
        self.state = self.home / ".local/state/agentpipe/quickstart"

    def run_it(self, *arguments, **environment):
        return subprocess.run([QUICKSTART, *arguments], env={**self.environment, **environment}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=PATIENCE)

    def wait_for_a_message(self, session):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if get(session)["totalMessages"] > 0:
                    return
            except OSError:  # the session is not there yet
                pass
            time.sleep(0.05)
        self.fail("no message arrived")

    def assert_nothing_is_left(self):
        """No process that names this home, in its arguments or its environment, is alive."""
        left = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                known = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            if str(self.home).encode() in known:
                left.append(known.split(b"\0")[:3])
        self.assertEqual(left, [])

    def test_twice_without_a_terminal_each_run_adds_a_conversation(self):
        runs = [self.run_it("--fast") for _ in range(2)]
        for run in runs:
            self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
            self.assertIn(CHECKED, run.stdout)
        addresses = [ADDRESS.search(run.stdout).group(2) for run in runs]
        self.assertNotEqual(*addresses)
        modes = {name: stat.S_IMODE((self.state / name).stat().st_mode) for name in ("key", "server.log", "web.db", ".")}
        self.assertEqual(modes, {"key": 0o600, "server.log": 0o600, "web.db": 0o600, ".": 0o700})
        key = (self.state / "key").read_text().strip()
        for log in ("server.log", "stream.log"):
            self.assertNotIn(key, (self.state / log).read_text())
        self.assert_nothing_is_left()

    def test_the_users_own_settings_are_not_read(self):
        (self.home / ".agentpipe.yaml").write_text("bridge: [broken\n")
        run = self.run_it("--fast", AGENTPIPE_STREAM_URL="http://127.0.0.1:1", DATABASE_URL="sqlite:/nowhere/web.db",
                          http_proxy="http://127.0.0.1:1")
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        self.assertEqual((self.home / ".agentpipe.yaml").read_text(), "bridge: [broken\n")

    def test_on_a_terminal_the_server_stays_until_interrupted(self):
        terminal = Terminal(self.environment, "--fast")
        port, conversation = terminal.wait_for(ADDRESS.pattern).groups()
        terminal.wait_for(r"\^C stops it")
        self.assertEqual(get(f"http://127.0.0.1:{port}/api/sessions/{conversation}")["totalMessages"], 14)
        terminal.press_interrupt()
        self.assertEqual(terminal.end(), 0, terminal.output)
        self.assertRegex(terminal.output, r"Stopped\.\s*$")
        self.assertNotRegex(terminal.output, r"Terminated|Killed|line \d+:")
        self.assert_nothing_is_left()

    def test_interrupted_while_streaming_it_stops_everything(self):
        terminal = Terminal(self.environment)
        session = "http://127.0.0.1:{}/api/sessions/{}".format(*terminal.wait_for(ADDRESS.pattern).groups())
        self.wait_for_a_message(session)
        terminal.press_interrupt()
        self.assertEqual(terminal.end(), 130, terminal.output)
        self.assertRegex(terminal.output, r"Interrupted\.\s*$")
        self.assertNotRegex(terminal.output, r"Terminated|Killed|line \d+:")
        self.assert_nothing_is_left()

    def test_asked_to_end_by_a_signal_it_stops_everything(self):
        process = subprocess.Popen([QUICKSTART], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            if ADDRESS.search(line):
                break
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=60)[0]
        self.assertEqual((process.returncode, rest.split()), (130, ["Interrupted."]))
        self.assert_nothing_is_left()

    def test_a_taken_port_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            run = self.run_it("--fast", "--port", str(port))
        self.assertEqual((run.returncode, run.stderr),
                         (1, f"quickstart: port {port} is in use; choose another one or leave --port out\n"))

    def test_wrong_options_are_named(self):
        wrong = [self.run_it(*arguments) for arguments in (["--fats"], ["--port"], ["--port", "70000"])]
        self.assertEqual([(run.returncode, run.stderr) for run in wrong], [
            (2, "quickstart: unknown option --fats; see --help\n"),
            (2, "quickstart: --port wants a number from 1 to 65535\n"),
            (2, "quickstart: --port wants a number from 1 to 65535\n"),
        ])


if __name__ == "__main__":
    result = unittest.main(verbosity=2, exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f"{max(0, result.testsRun - failed)} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)
