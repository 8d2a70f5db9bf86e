"""What a run of an agent printed and the file that it wrote are one session, whichever comes first."""

from pathlib import Path

from harness import Case

FORMATS = Path(__file__).resolve().parent.parent / "fixtures/formats"


class SameSession(Case):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.set_up_client(self.server)

    def send(self, kind, name):
        if kind == "stream":
            done = self.run_bridge("stream", stdin=(FORMATS / name).read_bytes())
        else:
            done = self.run_bridge("upload", str(FORMATS / name))
        self.assertEqual(done.code, 0, done.err)

    def messages(self, session):
        return self.server.get(f"/api/sessions/{session}/messages?limit=200")["messages"]

    def union(self, session, output, file):
        """Sends both: what is stored then, without what the server says of its own."""
        self.send(*output)
        self.send(*file)
        found = self.messages(session)
        self.assertEqual(len({m["id"] for m in found}), len(found))
        return sorted((m["id"], m["totalTokens"]) for m in found)

    def start_anew(self):
        self.server.stop()
        for path in self.home.glob("web.db*"):
            path.unlink()
        self.server = self.start_server()
        self.set_up_client(self.server)

    def both_ways(self, session, output, file):
        output, file = ("stream", output), ("upload", file)
        one = self.union(session, output, file)
        self.start_anew()
        self.assertEqual(self.union(session, file, output), one)
        self.assertEqual([s["id"] for s in self.server.get("/api/sessions")["sessions"]], [session])
        return one

    def test_codex(self):
        found = self.both_ways("codex:c-7", "codex-exec/same_run.jsonl", "codex/same_run.jsonl")
        self.assertEqual((len(found), sum(tokens or 0 for _, tokens in found)), (24, 2580))

    def test_gemini_stream_json(self):
        found = self.both_ways("gemini:g-7", "gemini-stream/same_run.jsonl", "gemini/same_run.jsonl")
        self.assertEqual((len(found), sum(tokens or 0 for _, tokens in found)), (9, 3605))

    def test_claude_stream_json(self):
        for output in ("same_run.jsonl", "same_run_verbose.json"):
            with self.subTest(output):
                found = self.both_ways("claude-code:s-7", f"claude-stream/{output}", "claude-code/same_run.jsonl")
                self.assertEqual((len(found), sum(tokens or 0 for _, tokens in found)), (4, 6154))
                self.start_anew()

    def test_a_piped_run_is_completed_by_the_file_that_its_tool_keeps_here(self):
        session = "0b6e52f4-51c2-4b8e-9d0f-6a1c7d9e2f30"
        output = (FORMATS / "claude-stream/same_run.jsonl").read_text().replace("s-7", session)
        for known in (120, 20):
            output = output.replace(f'"output_tokens":{known}}}', '"output_tokens":1}')
        kept = self.home / ".claude/projects/shop" / f"{session}.jsonl"
        kept.parent.mkdir(parents=True)
        kept.write_text((FORMATS / "claude-code/same_run.jsonl").read_text().replace("s-7", session))
        done = self.run_bridge("stream", stdin=output.encode())
        self.assertEqual(done.code, 0, done.err)
        told = self.server.get("/api/sessions")["sessions"][0]
        self.assertEqual((told["name"], told["totalTokens"], told["outputTokens"]), ("Is the cart fine?", 6154, 140))
        done = self.run_bridge("upload", str(kept))
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(len(self.messages(f"claude-code:{session}")), 4)

    def test_opencode_run(self):
        done = self.run_bridge("stream", stdin=(FORMATS / "opencode/run.jsonl").read_bytes())
        self.assertEqual(done.code, 0, done.err)
        self.send("upload", "opencode/same_run.json")
        found = self.messages("opencode:ses_7")
        self.assertEqual([(m["id"], m["totalTokens"]) for m in found if m["role"] != "system"],
                         [("msg_2", 1120), ("msg_3", 1255), ("msg_1", None)])

    def test_claude_json_tells_one_answer_a_run(self):
        for _ in range(2):
            self.send("stream", "claude-stream/one_turn.json")
        self.assertEqual([m["totalTokens"] for m in self.messages("claude-code:s-8")], [2015])

    def test_gemini_json(self):
        found = self.both_ways("gemini:g-7", "gemini-stream/same_run.json", "gemini/same_run.jsonl")
        self.assertEqual((len(found), sum(tokens or 0 for _, tokens in found)), (9, 3605))
