"""A machine of its own for each run: a home, a server, bridges, and what kills them."""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import checker  # noqa: E402
import harness  # noqa: E402
import proxy  # noqa: E402

PATIENCE = 60  # seconds until something that should happen is called a hang
SPOOLED = 75


class Problem(Exception):
    """Something did not go as it must; the findings say more."""


class World:
    """A server with a database, an empty home; `tally` counts what was done and what was found."""

    def __init__(self, seed, home=None):
        self.seed = seed
        self.random = random.Random(f"world {seed}")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="agentpipe-fault-"))
        self.home = home or self.folder / "home"
        self.home.mkdir(exist_ok=True)
        self.findings = checker.Findings()
        self.done = {}
        self.server = None
        self.database = None

    def start_server(self):
        if self.server is None:
            environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
            self.server = harness.Server(self.folder, environment)
            self.server.arguments[self.server.arguments.index("127.0.0.1:0")] = self.server.address
            self.database = checker.open_database(self.server.database)
        else:
            self.server.start()

    def address(self):
        host, port = self.server.address.split(":")
        return host, int(port)

    def environment(self, url=None, home=None):
        return {"PATH": os.environ["PATH"], "HOME": str(home or self.home), "AGENTPIPE_STREAM_ENABLED": "true",
                "AGENTPIPE_STREAM_URL": url or self.server.url, "AGENTPIPE_STREAM_API_KEY": harness.KEY,
                "TSAN_OPTIONS": os.environ.get("TSAN_OPTIONS", ""), "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}

    @property
    def state(self):
        return self.home / ".local/state/agentpipe"

    def start(self, *arguments, url=None, stdin=subprocess.DEVNULL, before=()):
        """A bridge under way; its words go to a file."""
        words = tempfile.TemporaryFile()
        process = subprocess.Popen([*before, harness.BINARY, *map(str, arguments)], stdin=stdin, stdout=words, stderr=words,
                                   env=self.environment(url), cwd=self.home)
        process.words = words
        return process

    def run(self, *arguments, url=None, data=None, before=()):
        """A bridge to its end: its exit code and words."""
        process = subprocess.Popen([*before, harness.BINARY, *map(str, arguments)], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment(url),
                                   cwd=self.home, start_new_session=True)
        try:
            words, _ = process.communicate(data or b"", timeout=3 * PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            self.findings.add("wrong", f"{' '.join(map(str, [*before, *arguments]))} does not end")
            words, _ = process.communicate()
        return process.returncode, words.decode(errors="replace")

    def flush(self, url=None, drain="20s", tries=20):
        """Until nothing waits any more."""
        for _ in range(tries):
            code, words = self.run("spool", "flush", "--drain-timeout", drain, url=url)
            if code != SPOOLED:
                break
        if code != 0:
            self.findings.add("wrong", f"spool flush ended with {code}: {words.strip()}")

    def count(self, what, number=1):
        self.done[what] = self.done.get(what, 0) + number

    def stored(self, session):
        return checker.count_stored(self.database, session.id)

    def wait_until_stored(self, session, process=None):
        if not self.wait_until(lambda: self.stored(session) >= len(session.events), process):
            self.findings.add("lost", f"{session.id}: {self.stored(session)} of {len(session.events)} events came")

    @staticmethod
    def wait_until(happened, process=None):
        """False when it did not, and cannot any more."""
        deadline = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > deadline or (process is not None and process.poll() is not None):
                return False
            time.sleep(0.005)
        return True

    def messages(self, session):
        return len(checker.messages_of(self.database, session.id))

    def check_said(self, session):
        self.count("messages", len(session.said))
        checker.check_said(self.database, session.id, session.said, self.findings)

    def check(self, session, expected=None):
        self.count("events", expected if expected is not None else len(session.events))
        checker.check_session(self.database, session, expected, self.findings)

    def close(self, keep=False):
        if self.server is not None:
            self.server.kill()
        if self.database is not None:
            self.database.close()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def words_of(process):
    process.words.seek(0)
    return process.words.read().decode(errors="replace").strip()


def kill(process):
    process.kill()
    process.wait()
    process.words.close()


def kill_after(process, seconds):
    time.sleep(seconds)
    kill(process)


def end(process, world, codes=(0,)):
    """Asks a bridge to end."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        world.findings.add("wrong", "a bridge does not end after SIGTERM")
        kill(process)
        return
    if code not in (*codes, -signal.SIGTERM):  # it may have come before there was a handler
        world.findings.add("wrong", f"a bridge ended with {code}: {words_of(process)[-400:]}")
    process.words.close()


class Writer:
    """Writes the lines of a session in pieces of any size, over about `seconds`. Into a file or a pipe."""

    def __init__(self, session, write, seconds, chance):
        self.thread = threading.Thread(target=self._run, args=(session.text(), write, seconds, chance), daemon=True)
        self.thread.start()

    @staticmethod
    def _run(text, write, seconds, chance):
        pieces = max(int(seconds / 0.01), 1)
        cuts = sorted(chance.randrange(len(text) + 1) for _ in range(pieces - 1))
        for begin, stop in zip([0, *cuts], [*cuts, len(text)]):
            try:
                write(text[begin:stop])
            except OSError:
                return
            time.sleep(seconds / pieces)

    def join(self):
        self.thread.join()


def append_to(path):
    def write(data):
        with open(path, "ab") as file:
            file.write(data)
    return write


def moment(chance, longest=0.15):
    """When to kill: often in the first milliseconds, where a process sets itself up."""
    return chance.uniform(0, longest / 5) if chance.random() < 0.4 else chance.uniform(0, longest)


def end_of_input(process, world, codes=(0, SPOOLED)):
    """Its input is over: it drains and ends by itself."""
    try:
        code = process.wait(2 * PATIENCE)
    except subprocess.TimeoutExpired:
        world.findings.add("wrong", "a bridge does not end after its input")
        return kill(process)
    if code not in codes:
        world.findings.add("wrong", f"a bridge ended with {code}: {words_of(process)[-400:]}")
    process.words.close()
    return None


class Door:
    """An address behind which there is a server only from open() on."""

    def __init__(self):
        self.proxy = proxy.Proxy(("127.0.0.1", 9), rate=0)
        self.url = self.proxy.url

    def open(self, address):
        self.proxy.server = address

    def close(self):
        self.proxy.close()
