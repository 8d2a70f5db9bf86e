"""Sessions as agents keep them, in files and in a database: numbered messages, the same for the same seed."""

import json
import random
import threading
import time
import uuid
import zlib

import actors  # the tests' other tools, too
import database_agents
import generator


class Session:
    """`said` is what is to be stored, in order; `path` lies below the home folder."""

    def __init__(self, seed, count, size):
        self.random = random.Random(f"{type(self).__name__} {seed}")
        self.session = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.said = [self._content(number, size) for number in range(1, count + 1)]

    def _content(self, number, size):
        text = " ".join(self.random.choices(generator.WORDS, k=max(size // 7, 1))).replace("\n", " ").replace("\t", " ").strip()
        return f"{number}:{zlib.crc32(text.encode()):08x} {text}"

    def text(self):
        lines = self.head()
        for number, content in enumerate(self.said, 1):
            lines += self.lines(number, content)
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()

    def head(self):
        return []

    @property
    def id(self):
        return f"{self.source}:{self.session}"


class Claude(Session):
    source = "claude-code"

    @property
    def path(self):
        return f".claude/projects/-work-rivers/{self.session}.jsonl"

    def lines(self, number, content):
        asks = number % 2 == 1
        message = {"role": "user", "content": content} if asks else {
            "role": "assistant", "id": f"msg_{number}", "model": "claude-sonnet-4-5", "stop_reason": "end_turn",
            "content": [{"type": "text", "text": content}], "usage": {"input_tokens": 3, "output_tokens": number}}
        return [{"type": message["role"], "uuid": f"{self.session}-{number}", "sessionId": self.session, "cwd": "/work/rivers",
                 "parentUuid": f"{self.session}-{number - 1}" if number > 1 else None, "timestamp": generator.stamp(number),
                 "version": "2.0", "isSidechain": False, "requestId": f"req_{number}", "message": message}]


class Codex(Session):
    source = "codex"

    @property
    def path(self):
        return f".codex/sessions/2026/01/05/rollout-2026-01-05T08-00-00-{self.session}.jsonl"

    def head(self):
        return [self._line(0, "session_meta", id=self.session, cwd="/work/lakes", cli_version="0.1"),
                self._line(0, "turn_context", turn_id="t", cwd="/work/lakes", model="gpt-5")]

    def lines(self, number, content):
        kind = "user_message" if number % 2 == 1 else "agent_message"
        return [self._line(number, "event_msg", type=kind, message=content)]

    @staticmethod
    def _line(number, kind, **payload):
        return {"timestamp": generator.stamp(number), "type": kind, "payload": payload}


class Gemini(Session):
    source = "gemini"

    @property
    def path(self):
        return f".gemini/tmp/hills/chats/session-{self.session[:8]}.jsonl"

    def head(self):
        return [{"sessionId": self.session, "projectHash": "p", "startTime": generator.stamp(0),
                 "lastUpdated": generator.stamp(0), "kind": "main"}]

    def lines(self, number, content):
        said = {"id": f"g-{number}", "timestamp": generator.stamp(number), "content": content}
        if number % 2 == 1:
            return [{**said, "type": "user"}]
        tokens = {"input": 3, "output": 5, "cached": 0, "thoughts": 0, "tool": 0, "total": 8}
        # It comes without its count first, and again when that is known.
        return [{**said, "type": "gemini", "model": "gemini-2.5-pro"},
                {**said, "type": "gemini", "model": "gemini-2.5-pro", "tokens": tokens}]


class Agentpipe(Session):
    source = "agentpipe"

    @property
    def id(self):
        return self.session

    @property
    def path(self):
        return f".agentpipe/events/events_{self.session}.jsonl"

    def head(self):
        return [{"type": "conversation.started", "timestamp": generator.stamp(0), "data": {
            "conversation_id": self.session, "mode": "round-robin", "initial_prompt": "Go on", "participants": generator.AGENTS}}]

    def lines(self, number, content):
        return [{"type": "message.created", "timestamp": generator.stamp(number), "data": {
            "conversation_id": self.session, "message_id": f"{self.session}-{number}", "role": "agent", "content": content,
            "agent_id": "claude-0", "agent_type": "claude", "sequence_number": number, "tokens_used": number}}]


KINDS = (Claude, Codex, Gemini, Agentpipe)


class OpenCode(Session):
    """Its database, open all the time; `grow` adds the messages over about `seconds`."""
    source = "opencode"
    path = ".local/share/opencode/opencode.db"

    def grow(self, home, seconds):
        self.thread = threading.Thread(target=self._run, args=(home / self.path, seconds), daemon=True)
        self.thread.start()

    def _run(self, path, seconds):
        database = database_agents.OpenCode(path)
        self.session = f"ses_{self.session}"
        begin = time.time()
        database.session(self.session, begin)
        for number, content in enumerate(self.said, 1):
            database.say(self.session, "user" if number % 2 == 1 else "assistant", content, begin + number / 1000)
            time.sleep(seconds / len(self.said))
        database.close()

    def join(self):
        self.thread.join()
