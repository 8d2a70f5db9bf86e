"""The n-th input/output call of a kind fails, once or from then on (strace)."""

import shutil

import generator
import spool_files
from suites import Skipped

WHAT = "the n-th write, sync, rename or open of the client fails, once (odd seeds) or from then on (even seeds)"
CI = 2
BIG = 20
EVENTS = 12
FAILURES = (("write", "ENOSPC"), ("write", "EIO"), ("pwrite64", "ENOSPC"), ("fdatasync", "EIO"), ("fsync", "EIO"),
            ("rename", "EIO"), ("unlink", "EIO"), ("mkdir", "EROFS"), ("flock", "ENOLCK"))
# 0: delivered all the same; 74: says that it has lost something; 75: kept; 65, 1: could not even begin.
HONEST = (0, 1, 65, 74, 75, 78)


def run(world):
    if shutil.which("strace") is None:
        raise Skipped("strace is not installed")
    world.start_server()
    how_long = "" if world.seed % 2 else "+"
    for call, error in FAILURES:
        every_nth(world, call, error, how_long)


def every_nth(world, call, error, how_long):
    for n in range(1, 60):
        world.home = world.folder / f"{call}-{error}-{n}{how_long}"
        world.home.mkdir()
        session = generator.Session(f"{world.seed}/{world.home.name}", EVENTS)
        path = world.home / "session.jsonl"
        path.write_bytes(session.text())
        log = world.home / "strace.log"
        code, words = world.run("stream", path, before=(
            "strace", "-f", "-o", log, "-e", f"trace={call}", "-e",
            f"inject={call}:error={error}:when={n}{how_long}"))
        hit = b"INJECTED" in log.read_bytes()
        judge(world, session, path, code, words)
        shutil.rmtree(world.home)
        if not hit:
            return
        world.count("failures")


def judge(world, session, path, code, words):
    if code not in HONEST:
        world.findings.add("wrong", f"{world.home.name}: ended with {code}: {words[-300:]}")
    stored = world.stored(session)
    promised = max(spool_files.spooled(world.state, session), stored)
    if code == 0 and stored < EVENTS or code == 75 and promised < EVENTS:
        world.findings.add("lost", f"{world.home.name}: says {code}, but {stored} are stored and {promised} kept: {words}")
    world.flush()
    code, words = world.run("stream", path)
    world.flush()
    world.check(session)
