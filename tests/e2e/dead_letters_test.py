"""What of the input can never become an event is not gone: it is counted, kept by its beginning, and shown."""

import json

from harness import FIXTURES, Case

SESSION = "7d1f0c52-0000-4000-8000-00000000000a"
SECRET = "AKIA" + "IOSFODNN7EXAMPLE"
TOO_LONG = 17 << 20
MOST = 4096


class DeadLetters(Case):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.set_up_client(self.server)
        lines = (FIXTURES / "events/two-agents.jsonl").read_text().splitlines(keepends=True)
        long = '{"type":"message.created","data":{"key":"%s","content":"' % SECRET + "x" * TOO_LONG
        self.data = "".join(lines[:4]) + long + "\n" + "".join(lines[4:]) + '{"type":"message.created","da'

    def spool(self, *arguments):
        return self.run_bridge("spool", *arguments)

    def test_a_line_that_is_too_long_and_a_torn_last_one_are_kept_by_their_beginning_and_the_rest_is_delivered(self):
        done = self.run_bridge("stream", "--tee", stdin=self.data.encode())
        self.assertEqual((done.code, done.out == self.data), (65, True), done.err)
        session = self.server.get(f"/api/sessions/{SESSION}")
        self.assertEqual((session["totalMessages"], session["status"]), (2, "COMPLETED"))
        (source,) = [json.loads(line) for line in self.spool("ls", "--json").out.splitlines()]
        self.assertEqual((source["waiting"], source["dead_letters"], source["destination"]), (0, 2, self.server.url))
        self.assertIn(f"2 places of the input could not be read (how that begins: agentpipe-bridge spool inspect "
                      f"{source['source'][:8]})", done.err)
        letters = json.loads(self.spool("inspect", source["source"][:8], "--json").out)["letters"]
        self.assertEqual([(letter["n"], letter["code"], letter["reason"].split(":")[0]) for letter in letters],
                         [(0, "unreadable", "standard input, line 5"), (0, "unreadable", "standard input, line 12")])
        self.assertTrue(letters[0]["begins"].startswith('{"type":"message.created","data":{"key":"[redacted:'))
        self.assertLessEqual(len(letters[0]["begins"]), MOST + 100)
        self.assertGreater(len(letters[0]["begins"]), MOST - 100)
        self.assertEqual(letters[1]["begins"], '{"type":"message.created","da')
        for path in self.home.rglob("*"):
            if path.is_file() and "spool" in path.parts:
                self.assertNotIn(SECRET.encode(), path.read_bytes(), path)
        shown = self.spool("inspect", source["source"][:8]).out
        self.assertIn("2 dead", self.spool("ls").out)
        self.assertIn('line 12: ', shown)
        self.assertIn('    {"type":"message.created","da\n', shown)
        self.assertEqual(self.run_bridge("status", "--json").json()["spool"]["dead_letters"], 2)

    def test_they_are_not_queued_again_and_go_when_their_owner_says_so(self):
        self.assertEqual(self.run_bridge("stream", stdin=self.data.encode()).code, 65)
        again = self.spool("replay-dead")
        self.assertEqual(again.code, 0, again.err)
        self.assertTrue(again.err.startswith("0 queued again"), again.err)
        self.assertIn("2 beginnings of unreadable input stay", again.err)
        (source,) = [json.loads(line) for line in self.spool("ls", "--json").out.splitlines()]
        self.assertEqual(source["dead_letters"], 2)
        self.assertEqual(self.spool("rm", source["source"]).code, 0)
        self.assertEqual(self.spool("ls", "--json").out, "")

    def test_an_input_of_no_known_format_is_kept_by_its_beginning(self):
        done = self.run_bridge("stream", stdin=b"just\nsome text\n")
        self.assertEqual(done.code, 65, done.err)
        (source,) = [json.loads(line) for line in self.spool("ls", "--json").out.splitlines()]
        (letter,) = json.loads(self.spool("inspect", source["source"], "--json").out)["letters"]
        self.assertEqual(letter["begins"], "just\nsome text\n")
        self.assertIn("no known format", letter["reason"])
