"""A small disk that fills up, is filled by others, and is free again."""

import os
import subprocess
import time

import actors
import checker
import generator
from suites import Skipped

WHAT = ("full disk (client), refill, free: what was accepted arrives, what was not is declared in its place, or told when "
        "the disk stays full to the end")
CI = 10
BIG = 100
WAITS = 2
DISK = 1 << 20


def run(world):
    world.start_server()
    disk = world.folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "agentpipe-test", disk],
                      capture_output=True, check=False).returncode:
        raise Skipped("a small tmpfs cannot be mounted here (needs root)")
    try:
        world.home = disk
        (memory_bridges_it, declared_in_its_place, told_at_the_end)[world.seed % 3](world)
    finally:
        subprocess.run(["umount", "--lazy", disk], check=False)


def fill(world, leave):
    """Others take all of the disk but `leave` bytes."""
    with open(world.home / "ballast", "ab", buffering=0) as file:
        free = os.statvfs(world.home).f_bavail * os.statvfs(world.home).f_bsize
        try:
            file.write(b"x" * max(free - leave, 0))
        except OSError:
            pass


def free(world):
    (world.home / "ballast").unlink(missing_ok=True)


def memory_bridges_it(world):
    """The disk has no room for a while and the server is away: memory keeps what comes; then all of it arrives."""
    session = generator.Session(world.seed, 1500, 600)
    door = actors.Door()
    process = world.start("stream", url=door.url, stdin=subprocess.PIPE)
    writer = actors.Writer(session, process.stdin.write, 1.0, world.random)
    for _ in range(3):
        time.sleep(world.random.uniform(0.02, 0.2))
        fill(world, world.random.randrange(0, 70_000))
        time.sleep(world.random.uniform(0.05, 0.3))
        free(world)
        world.count("fillings")
    writer.join()
    door.open(world.address())
    process.stdin.close()
    actors.end_of_input(process, world, (0, actors.SPOOLED))
    world.flush(url=door.url)
    world.check(session)
    door.close()


def declared_in_its_place(world):
    """More than disk and memory take, and nobody there: the gap is declared once there is room again."""
    session = generator.Session(world.seed, 2500, 16_000)
    door = actors.Door()
    fill(world, world.random.randrange(0, 200_000))
    process = world.start("stream", url=door.url, stdin=subprocess.PIPE)
    writer = actors.Writer(session, process.stdin.write, 0.5, world.random)
    world.count("fillings")
    time.sleep(8)
    free(world)
    door.open(world.address())
    writer.join()
    process.stdin.close()
    actors.end_of_input(process, world, (0, 74, actors.SPOOLED))
    world.flush(url=door.url)
    checker.check_session(world.database, session, None, world.findings)
    world.count("events", world.stored(session))
    door.close()


def told_at_the_end(world):
    """Nobody there, and no room to the end of the input: the bridge ends, and tells that events are lost."""
    session = generator.Session(world.seed, 200, 600)
    door = actors.Door()
    fill(world, 20_000)
    world.count("fillings")
    process = world.start("stream", url=door.url, stdin=subprocess.PIPE)
    actors.Writer(session, process.stdin.write, 0.1, world.random).join()
    process.stdin.close()
    actors.end_of_input(process, world, (74,))
    door.close()
