"""Reads a spool folder as lib/delivery/SPOOL.md describes it, without the bridge's help."""

import json
import pathlib

POLYNOMIAL = 0x82F63B78  # CRC-32C, reflected
TABLE = []
for index in range(256):
    value = index
    for _ in range(8):
        value = (value >> 1) ^ (POLYNOMIAL if value & 1 else 0)
    TABLE.append(value)


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value = (value >> 8) ^ TABLE[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF


def read_line(line):
    """(n, JSON) of an intact line, else None."""
    checksum, _, rest = line.partition(b" ")
    number, space, document = rest.partition(b" ")
    if not space or not number.isdigit() or checksum != b"%08x" % crc32c(rest):
        return None
    return int(number), json.loads(document)


def read_source(folder):
    """{n: event} of one source, whether acknowledged or not."""
    segments = []
    for path in sorted(pathlib.Path(folder).glob("*.seg")):
        lines = [read_line(line) for line in path.read_bytes().split(b"\n")]
        lines = [line for line in lines if line]
        if lines and lines[0][0] == 0:
            segments.append((lines[0][1]["first"], lines[1:]))
    records = {}
    for first, lines in segments:
        records = {number: event for number, event in records.items() if number < first}
        records.update(lines)
    return records


def sources(state):
    """Folders of all sources below a state folder."""
    return [lock.parent for lock in sorted(pathlib.Path(state).glob("spool/*/*/lock"))]


def spooled(state, session):
    """How many events of a session are on the disk of this machine: the highest place, counted from 1."""
    highest = 0
    for folder in sources(state):
        for event in read_source(folder).values():
            if event["data"].get("conversation_id") == session.id:
                highest = max(highest, place_of(session, event))
    return highest


def place_of(session, event):
    mark = event["type"].removeprefix("conversation.")
    if event["type"] in ("message.created", "log.entry"):
        mark = event["data"]["content"].split(" ")[0]
    return next(index for index, known in enumerate(session.events, 1) if known.mark == mark)
