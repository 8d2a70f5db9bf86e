"""kill -9 of the client at every n-th system call of each kind (strace), until the run ends by itself."""

import shutil
import subprocess

import actors
import generator
import spool_files
from suites import Skipped

WHAT = "kill -9 of the client at every n-th write, sync, rename, unlink, send and mkdir; three seeds are the three scenes"
CI = 3
BIG = 30
EVENTS = 12
CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "rmdir", "mkdir", "sendto", "ftruncate", "flock")


def run(world):
    if shutil.which("strace") is None:
        raise Skipped("strace is not installed")
    world.start_server()
    scene = (stream_file, follow_file, flush)[world.seed % 3]
    for call in CALLS:
        every_nth(world, scene, call)


def every_nth(world, scene, call):
    """Each n in an empty home. Each thread counts its own calls, so the run is over when no thread comes to n."""
    for n in range(1, 1000):
        world.home = world.folder / f"{scene.__name__}-{call}-{n}"
        world.home.mkdir()
        session = generator.Session(f"{world.seed}/{world.home.name}", EVENTS, world.random.choice((50, 400, 3000)))
        path = world.home / "session.jsonl"
        path.write_bytes(session.text())
        before = ("strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                  f"inject={call}:signal=KILL:when={n}")
        killed = scene(world, session, path, before)
        shutil.rmtree(world.home)
        if not killed:
            return
        world.count("kills")


def stream_file(world, session, path, before):
    """What was on the disk is delivered, and then the whole file again."""
    code, words = world.run("stream", path, before=before)
    if not was_killed(world, code, words):
        world.check(session)
        return False
    promised = max(spool_files.spooled(world.state, session), world.stored(session))
    world.flush()
    world.check(session, promised)
    world.run("stream", path)
    world.flush()
    world.check(session)
    return True


def follow_file(world, session, path, before):
    """The next follower goes on."""
    process = world.start("stream", "--follow", path, before=before)
    code = None
    while code is None and world.stored(session) < EVENTS:
        code = wait(process, 0.02)
    if code is None:
        code = interrupt(process)
    killed = was_killed(world, code, actors.words_of(process))
    process.words.close()
    if killed:
        process = world.start("stream", "--follow", path)
        world.wait_until_stored(session, process)
        actors.end(process, world)
    world.check(session)
    return killed


def wait(process, seconds):
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def interrupt(process):
    """strace keeps signals that are meant for it to itself, so the bridge below it gets it directly."""
    children = open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii").read().split()
    subprocess.run(["kill", "-TERM", *children], check=False)
    return process.wait(actors.PATIENCE)


def flush(world, session, path, before):
    """A spool that an earlier process left, and whoever delivers it dies."""
    door = actors.Door()
    world.run("stream", "--drain-timeout", "0s", path, url=door.url)
    door.open(world.address())
    code, words = world.run("spool", "flush", url=door.url, before=before)
    killed = was_killed(world, code, words)
    world.flush(url=door.url)
    door.close()
    world.check(session)
    return killed


def was_killed(world, code, words):
    if code not in (-9, 137, 0):
        world.findings.add("wrong", f"ended with {code}: {words[-300:]}")
    return code != 0
