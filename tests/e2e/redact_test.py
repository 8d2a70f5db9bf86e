import json

from harness import Case

SECRET = "sk-a1B2c3D4e5F6g7H8i9J0"


def event(kind, **data):
    return json.dumps({"type": kind, "timestamp": "2026-01-05T08:00:04Z", "data": {"conversation_id": "c-1", **data}}) + "\n"


def session(content):
    agent = {"agent_id": "a-0", "agent_type": "a"}
    return (event("conversation.started", mode="m", initial_prompt="p", participants=[agent],
                  command={"full_command": "run --api-key hush -a a"}) +
            event("message.created", message_id="m-1", role="agent", content=content, **agent) +
            event("conversation.completed", status="completed")).encode()


class Redaction(Case):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.set_up_client(self.server)

    def stored(self):
        return [m["content"] for m in self.server.get("/api/sessions/c-1/messages")["messages"]]

    def in_database(self, *words):
        raw = b"".join(path.read_bytes() for path in self.home.glob("web.db*"))
        return [word for word in words if word.encode() in raw]

    def test_secrets_of_a_stream_never_reach_the_server_and_the_last_line_counts_them(self):
        done = self.run_bridge("stream", stdin=session(f"the key is {SECRET}"))
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("; 2 secrets replaced (1 api-key, 1 openai-key)", done.err)
        self.assertNotIn(SECRET, done.out + done.err)
        self.assertEqual(self.stored(), ["the key is [redacted:openai-key]"])
        self.assertEqual(self.in_database(SECRET, "hush"), [])

    def test_an_upload_is_cleaned_too_and_a_stream_of_the_same_adds_nothing(self):
        path = self.home / "events.jsonl"
        path.write_bytes(session(f"the key is {SECRET}"))
        rehearsed = self.run_bridge("upload", "--dry-run", "--json", path)
        self.assertEqual(rehearsed.json()["sessions"][0]["redacted"], {"api-key": 1, "openai-key": 1})
        done = self.run_bridge("upload", path)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("2 secrets replaced", done.out)
        self.assertEqual(self.run_bridge("stream", path).code, 0)
        self.assertEqual(self.stored(), ["the key is [redacted:openai-key]"])
        self.assertEqual(self.in_database(SECRET, "hush"), [])

    def test_a_session_goes_on_after_the_settings_have_come_to_redact_more(self):
        path = self.home / "events.jsonl"
        path.write_bytes(session("badge 471147"))
        self.assertEqual(self.run_bridge("upload", path).code, 0)
        with open(self.home / ".agentpipe.yaml", "a") as file:
            file.write("  redact:\n    patterns:\n      - kind: badge\n        pattern: 'badge ([0-9]{6})'\n")
        agent = {"agent_id": "a-0", "agent_type": "a", "role": "agent"}
        path.write_bytes(session("badge 471147") + event("message.created", message_id="m-2", content="badge 123456", **agent).encode())
        done = self.run_bridge("upload", "--json", path)
        self.assertEqual(done.code, 0, done.err)
        told = done.json()["sessions"][0]
        self.assertEqual((told["result"], told["messages_created"], told["messages_differing"]), ("grown", 1, 1))
        self.assertIn("; 1 message stored with other words before, and kept so", done.err)
        self.assertEqual(self.stored(), ["badge 471147", "badge [redacted:badge]"])

    def test_the_flag_switches_it_off_and_a_rehearsal_shows_what_would_be_replaced(self):
        rehearsed = self.run_bridge("stream", "--dry-run", "-", stdin=session(SECRET))
        self.assertEqual([line.split("\t")[3:] for line in rehearsed.out.splitlines()],
                         [["1 secret replaced (1 api-key)"], ["1 secret replaced (1 openai-key)"], []])
        self.assertEqual(self.run_bridge("stream", "--no-redact", stdin=session(SECRET)).code, 0)
        self.assertEqual(self.stored(), [SECRET])

    def test_own_patterns_come_from_the_settings_and_a_broken_one_is_named_with_its_line(self):
        config = self.home / ".agentpipe.yaml"
        config.write_text(config.read_text() + "  redact:\n    patterns:\n      - kind: badge\n        pattern: 'badge ([0-9]+)'\n")
        self.assertEqual(self.run_bridge("stream", stdin=session("badge 17")).code, 0)
        self.assertEqual(self.stored(), ["badge [redacted:badge]"])
        config.write_text(config.read_text().replace("([0-9]+)", "([0-9]+"))
        done = self.run_bridge("stream", stdin=session("badge 17"))
        self.assertEqual(done.code, 78, done.err)
        line = len(config.read_text().splitlines())
        self.assertIn(f".agentpipe.yaml:{line}: redact.patterns: pattern: missing )", done.err)
