"""Two to eight bridges on one spool folder, killed now and then."""

import time

import actors
import generator
import proxy

WHAT = "2 to 8 bridges on one spool folder with kills: each session once, in order"
CI = 10
BIG = 500
INTERRUPTED = 130


def run(world):
    world.start_server()
    count = world.random.randrange(2, 9)
    world.count("bridges", count)
    # A slow line keeps one bridge at another's leftovers while that one goes on.
    line = proxy.Proxy(world.address(), world.seed, world.seed % 2, ("delay",))
    sessions, paths, writers = [], [], []
    for number in range(count):
        session = generator.Session(f"{world.seed}/{number}", world.random.randrange(20, 300))
        path = world.folder / f"session-{number}.jsonl"
        path.touch()
        sessions.append(session)
        paths.append(path)
        writers.append(actors.Writer(session, actors.append_to(path), 0.12 * count, world.random))
    bridges = [world.start("stream", "--follow", path, url=line.url) for path in paths]
    flushes = []
    for _ in range(2 * count):
        time.sleep(world.random.uniform(0, 0.12))
        victim = world.random.randrange(count)
        actors.kill(bridges[victim])
        world.count("kills")
        if world.random.random() < 0.3:
            world.count("flushes")
            flushes.append(world.start("spool", "flush", "--drain-timeout", "2s", url=line.url))
            time.sleep(world.random.uniform(0, 0.05))
        bridges[victim] = world.start("stream", "--follow", paths[victim], url=line.url)
    for writer in writers:
        writer.join()
    line.rate = 0
    for session, process in zip(sessions, bridges):
        world.wait_until_stored(session, process)
    for process in flushes:
        actors.end(process, world, (0, actors.SPOOLED, INTERRUPTED))
    for process in bridges:
        actors.end(process, world, (0, actors.SPOOLED))
    world.flush(url=line.url)
    line.close()
    for session in sessions:
        world.check(session)
