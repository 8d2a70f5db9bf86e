#!/usr/bin/env python3
"""Sessions as the Go CLI writes them (`agentpipe run --json`): numbered, checksummed, the same for the same seed.

    generator.py [--seed N] [--events N] [--bytes N] [--session ID]

Every line of a session is known by its place: the checker can tell what is missing, doubled, moved or altered."""

import argparse
import datetime
import json
import random
import sys
import uuid
import zlib

WORDS = ("river stone garden lantern harbour winter signal copper meadow anchor violin theory kernel branch window "
         "naïve café 日本語 😀 <b> & \"quoted\" back\\slash line\nbreak tab\there").split(" ")
AGENTS = [{"agent_id": "claude-0", "agent_type": "claude", "name": "Ada"},
          {"agent_id": "gemini-1", "agent_type": "gemini", "name": "Bob"}]
START = datetime.datetime(2026, 1, 5, 8, 0, 0)


class Event:
    """One event that is to be stored: its line, and what the checker knows it by."""

    def __init__(self, kind, data, mark, twin=""):
        self.kind = kind
        self.data = data
        self.mark = mark  # unique within the session
        self.twin = twin  # a line that says the same once more, as the Go CLI does

    def lines(self):
        return self.line + self.twin


class Session:
    """`count` events: started, then messages and now and then a word of the host, then completed."""

    def __init__(self, seed, count=100, size=200, session=None):
        self.random = random.Random(f"session {seed}")
        self.id = session or str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.messages = 0
        self.tokens = 0
        self.events = [self._make(number, count, size) for number in range(1, count + 1)]

    def _make(self, number, count, size):
        if number == 1:
            return self._event(number, "conversation.started", "started", {
                "mode": "round-robin", "initial_prompt": "Go on", "participants": AGENTS,
                "system_info": {"agentpipe_version": "v0.7.0", "os": "linux", "os_version": "Debian GNU/Linux 12",
                                "go_version": "go1.19.8", "architecture": "amd64"}})
        if number == count:
            return self._event(number, "conversation.completed", "completed", {
                "status": "completed", "total_messages": self.messages, "total_tokens": self.tokens,
                "duration_seconds": 1.5})
        content = self._content(number, size)
        if self.random.random() < 0.1:
            return self._event(number, "log.entry", content.split(" ")[0], {
                "level": "message", "agent_id": "host", "agent_name": "HOST", "content": content, "role": "system"})
        return self._message(number, content)

    def _message(self, number, content):
        self.messages += 1
        tokens = self.random.randrange(1, 500)
        self.tokens += tokens
        agent = AGENTS[self.messages % 2]
        said = {"agent_id": agent["agent_id"], "agent_type": agent["agent_type"], "agent_name": agent["name"],
                "content": content}
        event = self._event(number, "message.created", content.split(" ")[0], {
            "message_id": f"{self.id}-{number}", **said, "sequence_number": self.messages,
            "tokens_used": tokens, "duration_ms": 5})
        if self.random.random() < 0.3:
            twin = {"conversation_id": self.id, "level": "message", **said, "role": "agent"}
            event.twin = dumped({"type": "log.entry", "timestamp": stamp(number), "data": twin})
        return event

    def _event(self, number, kind, mark, data):
        event = Event(kind, {"conversation_id": self.id, **data}, mark)
        event.line = dumped({"type": kind, "timestamp": stamp(number), "data": event.data})
        return event

    def _content(self, number, size):
        text = " ".join(self.random.choices(WORDS, k=max(size // 7, 1)))
        return f"{number}:{zlib.crc32(text.encode()):08x} {text}"

    def text(self):
        return "".join(event.lines() for event in self.events).encode()


def dumped(document):
    """As Go's encoder: no spaces, <, > and & escaped, other characters as they are."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text + "\n"


def stamp(number):
    return (START + datetime.timedelta(milliseconds=10 * number)).isoformat(timespec="milliseconds") + "Z"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=100)
    parser.add_argument("--bytes", type=int, default=200, help="of a message's content, about")
    parser.add_argument("--session", help="its id; without it the seed makes one")
    options = parser.parse_args()
    sys.stdout.buffer.write(Session(options.seed, options.events, options.bytes, options.session).text())


if __name__ == "__main__":
    main()
