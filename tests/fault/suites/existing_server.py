"""The existing Next.js server behind the proxy: it does not know an event again and forgets none of its refusals."""

import time

import actors
import checker
import existing_server
import generator
import harness
import proxy

WHAT = "stream, a killed stream and upload to a stand-in of the existing server behind the fault proxy"
CI = 9
BIG = 300
WAITS = 4
TRIES = 60
UNREACHABLE = 69


def run(world):
    server = existing_server.ExistingServer(harness.KEY)
    link = proxy.Proxy(server.address, world.seed, rate=0.2)
    sessions = [generator.Session(f"existing {world.seed}/{i}", world.random.randrange(3, 40), world.random.choice((50, 1000)))
                for i in range(world.random.randrange(1, 4))]
    paths = []
    for number, session in enumerate(sessions):
        paths.append(world.folder / f"session-{number}.jsonl")
        paths[-1].write_bytes(session.text())
    (stream, killed_stream, upload)[world.seed % 3](world, link, paths)
    for session in sessions:
        world.count("events", len(session.events))
        checker.check_existing(server.tables, session, world.findings)
    refused = [request for request in server.requests if request[2] == 400]
    if refused:
        world.findings.add("wrong", f"{len(refused)} events of a form that the server refuses")
    world.count("faults", link.faults_met())
    world.count("requests", sum(link.met.values()))
    link.close()
    server.close()


def stream(world, link, paths):
    code, words = world.run("stream", "--drain-timeout", "3s", *paths, url=link.url)
    if code not in (0, actors.SPOOLED):
        world.findings.add("wrong", f"stream ended with {code}: {words}")
    world.flush(url=link.url, drain="3s", tries=TRIES)


def killed_stream(world, link, paths):
    """The next run sends the file again and what the first one left, at the same time."""
    for _ in range(world.random.randrange(1, 4)):
        process = world.start("stream", *paths, url=link.url)
        time.sleep(world.random.uniform(0, 1))
        actors.kill(process)
        world.count("kills")
    stream(world, link, paths)


def upload(world, link, paths):
    for _ in range(TRIES):
        code, words = world.run("upload", *paths, url=link.url)
        if code == 0:
            return
        if code != UNREACHABLE:
            break
    world.findings.add("wrong", f"upload ended with {code}: {words}")
