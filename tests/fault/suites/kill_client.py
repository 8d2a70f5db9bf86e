"""kill -9 of the client at random moments."""

import os
import subprocess
import time

import actors
import generator
import spool_files

WHAT = "kill -9 of the client at random moments"
CI = 15
BIG = 300
KILLS = 20


def run(world):
    world.start_server()
    (follow, read_again, pipe)[world.seed % 3](world)


def session_of(world, number, most=200):
    return generator.Session(f"{world.seed}/{number}", world.random.randrange(20, most), world.random.choice((50, 300, 2000)))


def follow(world):
    """A file that grows while its reader dies again and again; the next one goes on."""
    session = session_of(world, 0)
    path = world.folder / "session.jsonl"
    path.touch()
    writer = actors.Writer(session, actors.append_to(path), 0.06 * KILLS, world.random)
    for _ in range(KILLS):
        process = world.start("stream", "--follow", path)
        time.sleep(actors.moment(world.random))
        actors.kill(process)
        world.count("kills")
    writer.join()
    process = world.start("stream", "--follow", path)
    world.wait_until_stored(session, process)
    actors.end(process, world)
    world.check(session)


def read_again(world):
    """A file that is given to the bridge again after each kill."""
    session = session_of(world, 0, most=2000)
    path = world.folder / "session.jsonl"
    path.write_bytes(session.text())
    for _ in range(KILLS):
        process = world.start("stream", path)
        time.sleep(actors.moment(world.random, 0.1))
        actors.kill(process)
        world.count("kills")
    code, words = world.run("stream", path)
    if code != 0:
        world.findings.add("wrong", f"stream ended with {code}: {words}")
    world.flush()
    world.check(session)


def pipe(world):
    """What a pipe's reader had on its disk when it died arrives; it is the beginning of what was said."""
    promised = []
    for number in range(KILLS):
        session = session_of(world, number)
        process = world.start("stream", stdin=subprocess.PIPE)
        writer = actors.Writer(session, lambda data, to=process.stdin.fileno(): write_all(to, data), 0.15, world.random)
        time.sleep(actors.moment(world.random))
        actors.kill(process)
        writer.join()
        process.stdin.close()
        world.count("kills")
        promised.append((session, max(spool_files.spooled(world.state, session), world.stored(session))))
    world.flush()
    for session, count in promised:
        world.check(session, count)


def write_all(to, data):
    while data:
        data = data[os.write(to, data):]
