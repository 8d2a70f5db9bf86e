"""Files of four agents and the database of a fifth that grow while `stream --follow --all` dies again and again, and somebody
uploads in between."""

import os
import time

import actors
import agents

WHAT = "kill -9 of stream --follow --all over growing files of four agents and a database, upload --all in between"
CI = 4
BIG = 200
KILLS = 12


def run(world):
    world.start_server()
    actors.kill_after(world.start("stream", "--follow", "--all"), 0.5)  # what is older than this is left to upload
    sessions = [kind(world.seed, world.random.randrange(10, 400), world.random.choice((50, 300, 3000))) for kind in agents.KINDS]
    writers = []
    for session in sessions:
        path = world.home / session.path
        path.parent.mkdir(parents=True)
        path.touch()
        writers.append(actors.Writer(session, actors.append_to(path), 0.08 * KILLS, world.random))
    keeper = agents.OpenCode(world.seed, world.random.randrange(10, 200), 300)
    keeper.grow(world.home, 0.08 * KILLS)
    for _ in range(KILLS):
        process = world.start("stream", "--follow", "--all")
        time.sleep(actors.moment(world.random, 0.2))
        if world.random.random() < 0.2:
            world.count("uploads")
            upload(world)
        actors.kill(process)
        world.count("kills")
    for writer in writers:
        writer.join()
    keeper.join()
    sessions.append(keeper)
    process = world.start("stream", "--follow", "--all")
    # A last answer without a successor may still change; it is taken once the file rests.
    world.wait_until(lambda: all(world.messages(session) >= len(session.said) - 2 for session in sessions), process)
    actors.end(process, world)
    world.flush()
    for session in sessions:
        path = world.home / session.path
        for each in path.parent.glob(f"{path.name}*"):  # a database that somebody else read last keeps its log
            os.utime(each, (0, time.time() - 3600))
    upload(world)
    for session in sessions:
        world.check_said(session)


def upload(world):
    code, words = world.run("upload", "--all")
    if code != 0:
        world.findings.add("wrong", f"upload ended with {code}: {words[-400:]}")
