"""Client and server killed in turn, with a proxy between them that breaks requests."""

import time

import actors
import generator
import proxy

WHAT = "client and server killed alternately behind the fault proxy"
CI = 2
BIG = 100
KILLS = 10
WAITS = 2


def run(world):
    world.start_server()
    link = proxy.Proxy(world.address(), world.seed, rate=0.2)
    session = generator.Session(world.seed, 400, world.random.choice((50, 300, 2000)))
    path = world.folder / "session.jsonl"
    path.touch()
    writer = actors.Writer(session, actors.append_to(path), 0.15 * KILLS, world.random)
    process = world.start("stream", "--follow", path, url=link.url)
    for turn in range(KILLS):
        time.sleep(world.random.uniform(0.02, 0.3))
        if turn % 2:
            world.server.kill()
            time.sleep(world.random.uniform(0, 0.1))
            world.start_server()
        else:
            actors.kill(process)
            process = world.start("stream", "--follow", path, url=link.url)
        world.count("kills")
    writer.join()
    time.sleep(0.3)
    actors.end(process, world, (0, actors.SPOOLED))
    world.flush(url=link.url)
    link.rate = 0
    process = world.start("stream", "--follow", path, url=link.url)
    world.wait_until_stored(session, process)
    actors.end(process, world)
    world.check(session)
    world.count("faults", link.faults_met())
    link.close()
