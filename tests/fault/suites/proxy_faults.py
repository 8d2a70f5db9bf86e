"""10,000 events through a proxy that breaks three requests in ten."""

import actors
import generator
import proxy

WHAT = "10,000 events with faults on 30 % of the requests, one file or ten"
CI = 5
BIG = 300
WAITS = 4
EVENTS = 10_000


def run(world):
    world.start_server()
    link = proxy.Proxy(world.address(), world.seed)
    parts = world.random.choice((1, 2, 10))
    sessions = [generator.Session(f"{world.seed}/{i}", EVENTS // parts, world.random.choice((50, 300, 1000)))
                for i in range(parts)]
    paths = []
    for number, session in enumerate(sessions):
        paths.append(world.folder / f"session-{number}.jsonl")
        paths[-1].write_bytes(session.text())
    code, words = world.run("stream", *paths, url=link.url)
    if code not in (0, actors.SPOOLED):
        world.findings.add("wrong", f"stream ended with {code}: {words}")
    if code == actors.SPOOLED:
        world.flush(url=link.url, drain="3s", tries=200)
    for session in sessions:
        world.check(session)
    world.count("faults", link.faults_met())
    world.count("requests", sum(link.met.values()))
    link.close()
