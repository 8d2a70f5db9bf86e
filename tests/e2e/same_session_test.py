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
        self.assertEqual((len(found), sum(tokens or 0 for _, tokens in found)), (18, 2580))

    def test_gemini_stream_json(self):
        found = self.both_ways("gemini:g-7", "gemini-stream/same_run.jsonl", "gemini/same_run.jsonl")
        self.assertEqual((len(found), sum(tokens or 0 for _, tokens in found)), (9, 3605))

    def test_claude_stream_json(self):
        for output in ("same_run.jsonl", "same_run_verbose.json"):
            with self.subTest(output):
                found = self.both_ways("claude-code:s-7", f"claude-stream/{output}", "claude-code/same_run.jsonl")
                self.assertEqual((len(found), sum(tokens or 0 for _, tokens in found)), (4, 6154))
                self.start_anew()

    def test_claude_json_tells_one_answer_a_run(self):
        for _ in range(2):
            self.send("stream", "claude-stream/one_turn.json")
        self.assertEqual([m["totalTokens"] for m in self.messages("claude-code:s-8")], [2015])

    def test_gemini_json(self):
        found = self.both_ways("gemini:g-7", "gemini-stream/same_run.json", "gemini/same_run.jsonl")
        self.assertEqual((len(found), sum(tokens or 0 for _, tokens in found)), (9, 3605))
