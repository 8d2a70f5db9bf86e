import http.server
import json
import os
import pathlib
import pty
import re
import select
import signal
import stat
import subprocess
import threading
import zipfile

from harness import BINARY, FIXTURES, KEY, PATIENCE, SHARED, Case, needs_file, needs_shared

FOREIGN = """# my settings
version: "1.0"
agents:   # two of them
  - {id: a, type: claude}
bridge:
    url: http://old.example:3000   # keep me
orchestrator:
  mode: round-robin
"""


class Settings(Case):
    def test_setup_without_a_terminal_writes_a_private_file_and_leaves_foreign_sections_alone(self):
        config = self.home / ".agentpipe.yaml"
        config.write_text(FOREIGN)
        config.chmod(0o644)
        done = self.run_bridge("setup", "--url", "http://localhost:3999/api/ingest", "--api-key-stdin", "--enable", "--yes",
                               stdin=KEY.encode())
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(stat.S_IMODE(config.stat().st_mode), 0o600)
        text = config.read_text()
        before, after = FOREIGN.split("bridge:")[0], FOREIGN[FOREIGN.index("orchestrator:"):]
        self.assertTrue(text.startswith(before) and text.endswith(after), text)
        self.assertIn("# keep me", text)
        self.assertNotIn(KEY, done.out + done.err)
        status = self.run_bridge("status", "--json").json()
        self.assertEqual((status["enabled"], status["url"], status["has_api_key"]), (True, "http://localhost:3999", True))

    def test_status_masks_the_key_and_tells_where_each_value_comes_from(self):
        self.run_bridge("setup", "--url", "http://localhost:3999", "--api-key-stdin", "--enable", "--yes", stdin=KEY.encode())
        done = self.run_bridge("status", environment={"AGENTPIPE_STREAM_URL": "http://localhost:4000/"})
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("http://localhost:4000", done.out)
        self.assertIn("AGENTPIPE_STREAM_URL", done.out)
        self.assertIn("ap_live_…6789", done.out)
        self.assertIn(".agentpipe.yaml", done.out)
        self.assertNotIn(KEY, done.out + done.err)

    def test_disable_and_enable_keep_everything_else(self):
        self.run_bridge("setup", "--url", "http://localhost:3999", "--api-key-stdin", "--enable", "--yes", stdin=KEY.encode())
        config = self.home / ".agentpipe.yaml"
        before = config.read_text()
        self.assertEqual(self.run_bridge("disable").code, 0)
        self.assertFalse(self.run_bridge("status", "--json").json()["enabled"])
        self.assertEqual(self.run_bridge("enable").code, 0)
        self.assertEqual(config.read_text(), before)

    def test_mistakes_are_one_sentence_and_the_right_exit_code(self):
        broken = self.home / "broken.yaml"
        broken.write_text("bridge:\n  enabeld: true\n")
        garbage = self.home / "garbage.yaml"
        garbage.write_text("bridge: [\n")
        rows = [
            (("staus",), 2, "status"),
            (("status", "--jsn"), 2, "--json"),
            (("setup", "--no-input"), 2, "--url"),
            (("--config", broken, "status"), 78, "enabled"),
            (("--config", garbage, "status"), 78, "garbage.yaml"),
            (("stream",), 78, "setup"),
            (("upload", "/nowhere"), 78, "setup"),
        ]
        for arguments, code, word in rows:
            with self.subTest(arguments):
                done = self.run_bridge(*arguments)
                self.assertEqual(done.code, code, done.err)
                self.assertIn(word, done.err)
                self.assertLessEqual(len(done.err.strip().splitlines()), 3, done.err)

    def test_the_wizard_asks_and_does_not_echo_the_key(self):
        process, screen = self.on_terminal("setup")
        answers = [(b"nable", b"y\n"), (b"URL", b"http://localhost:3999\n"), (b"ey", KEY.encode() + b"\n")]
        seen = b""
        for question, answer in answers:
            seen += self.read_until(screen, question)
            os.write(screen, answer)
        seen += self.read_to_end(process, screen)
        self.assertEqual(process.wait(PATIENCE), 0, seen.decode())
        self.assertNotIn(KEY.encode(), seen)
        self.assertIn(KEY, (self.home / ".agentpipe.yaml").read_text())

    def on_terminal(self, *arguments):
        parent, child = pty.openpty()
        process = subprocess.Popen([BINARY, *arguments], stdin=child, stdout=child, stderr=child, env=self.environment,
                                   cwd=self.home, start_new_session=True)
        os.close(child)
        self.addCleanup(process.kill)
        return process, parent

    def read_until(self, screen, word):
        seen = b""
        while word not in seen:
            ready, _, _ = select.select([screen], [], [], PATIENCE)
            self.assertTrue(ready, seen)
            seen += os.read(screen, 4096)
        # The prompt is complete when nothing follows it at once.
        while select.select([screen], [], [], 0.05)[0]:
            seen += os.read(screen, 4096)
        return seen

    def read_to_end(self, process, screen):
        seen = b""
        while True:
            ready, _, _ = select.select([screen], [], [], PATIENCE)
            self.assertTrue(ready, seen)
            try:
                got = os.read(screen, 4096)
            except OSError:
                return seen
            if not got:
                return seen
            seen += got
            if process.poll() is None and seen.rstrip().endswith((b"]", b":", b"?")):
                os.write(screen, b"\n")  # take the default of any further question


class RoundTrip(Case):
    def test_test_proves_every_step_or_says_which_one_failed(self):
        server = self.start_server()
        self.set_up_client(server)
        done = self.run_bridge("test", "--json")
        self.assertEqual(done.code, 0, done.err)
        steps = {step["name"]: step["result"] for step in done.json()["steps"]}
        self.assertEqual(steps, {"name look-up": "passed", "connection": "passed", "TLS": "skipped", "key": "passed",
                                 "ingest": "passed", "time": "passed"})
        self.set_up_client(server, key="ap_live_this_key_is_wrong_0000")
        self.assertEqual(self.run_bridge("test").code, 77)
        server.stop()
        self.assertEqual(self.run_bridge("test").code, 69)


class Stream(Case):
    def stream(self, server, data, *arguments):
        return self.run_bridge("stream", *arguments, stdin=data)

    @needs_shared
    def test_the_go_clis_output_becomes_exactly_its_conversation(self):
        server = self.start_server()
        self.set_up_client(server)
        data = (SHARED / "files/stdout-emitter.jsonl").read_bytes()
        done = self.stream(server, data, "--tee")
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(done.out.encode(), data)
        told = [json.loads(line)["data"] for line in data.splitlines() if b'"message.created"' in line[:40]]
        session = server.get("/api/sessions/a848cc2a-8693-46ab-8379-1ff8cff5a7b5")
        messages = server.get(f"/api/sessions/{session['id']}/messages")["messages"]
        self.assertEqual([m["content"] for m in messages], [d["content"] for d in told])
        self.assertEqual([m["id"] for m in messages], [d["message_id"] for d in told])
        self.assertEqual((session["status"], session["totalMessages"], session["totalTokens"]), ("COMPLETED", 4, 12))
        self.assertEqual(session["reported"]["totalTokens"], 92)
        self.assertEqual((session["summary"]["shortText"], session["errorCount"]), ("s", 1))
        notes = server.get(f"/api/sessions/{session['id']}/notes")["notes"]
        self.assertEqual(sum(n["type"] == "log.entry" and n["role"] == "agent" for n in notes), 0)
        again = self.stream(server, data)
        self.assertEqual(again.code, 0, again.err)
        self.assertEqual(server.get(f"/api/sessions/{session['id']}")["totalMessages"], 4)

    def test_two_agents_of_one_type_stay_two(self):
        server = self.start_server()
        self.set_up_client(server)
        done = self.stream(server, (FIXTURES / "events/two-agents.jsonl").read_bytes())
        self.assertEqual(done.code, 0, done.err)
        session = server.get("/api/sessions/7d1f0c52-0000-4000-8000-00000000000a")
        self.assertEqual([(p["agentId"], p["agentName"]) for p in session["participants"]],
                         [("claude-0", "Ada"), ("claude-1", "Bob")])
        self.assertEqual((session["name"], session["totalMessages"]), ("Rivers", 2))
        self.assertTrue(session["machine"])

    def test_events_are_sent_while_the_producer_still_runs(self):
        server = self.start_server()
        self.set_up_client(server)
        watcher = server.stream("/api/realtime/stream")
        watcher.next()
        process = subprocess.Popen([BINARY, "stream"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment)
        self.addCleanup(process.kill)
        lines = (FIXTURES / "events/two-agents.jsonl").read_bytes().splitlines(keepends=True)
        for line in lines[1:5]:
            process.stdin.write(line)
            process.stdin.flush()
            self.assertEqual(watcher.next()[1]["type"], json.loads(line)["type"])
        process.stdin.close()
        process.stdin = None
        _, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, err)

    def test_dry_run_sends_nothing(self):
        server = self.start_server()
        self.set_up_client(server)
        done = self.stream(server, (FIXTURES / "events/two-agents.jsonl").read_bytes(), "--dry-run")
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("message.created", done.out)
        self.assertEqual(server.get("/api/sessions")["sessions"], [])

    def test_u8_a_wrong_key_and_a_dead_server_never_hold_the_pipe(self):
        server = self.start_server()
        self.set_up_client(server, key="ap_live_this_key_is_wrong_0000")
        data = (FIXTURES / "events/two-agents.jsonl").read_bytes()
        wrong = self.stream(server, data, "--tee", "--drain-timeout", "1s")
        self.assertEqual((wrong.code, wrong.out.encode()), (77, data), wrong.err)
        server.stop()
        dead = self.stream(server, data, "--tee", "--drain-timeout", "1s")
        self.assertIn(dead.code, (69, 74, 75), dead.err)
        self.assertEqual(dead.out.encode(), data)

    def test_interrupt_reads_on_to_the_end_of_the_producer(self):
        server = self.start_server()
        self.set_up_client(server)
        process = subprocess.Popen([BINARY, "stream"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment)
        self.addCleanup(process.kill)
        watcher = server.stream("/api/realtime/stream")
        watcher.next()
        lines = (FIXTURES / "events/two-agents.jsonl").read_bytes().splitlines(keepends=True)
        process.stdin.write(b"".join(lines[:4]))
        process.stdin.flush()
        while watcher.next()[1]["type"] != "message.created":
            pass
        process.send_signal(signal.SIGINT)
        process.stdin.write(b"".join(lines[4:]))
        process.stdin.close()
        process.stdin = None
        process.communicate(timeout=PATIENCE)
        self.assertEqual(server.get("/api/sessions/7d1f0c52-0000-4000-8000-00000000000a")["status"], "COMPLETED")


class Refusing:
    """A server of the old kind that takes no event."""

    def __init__(self, address):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.say(404, b"{}")

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.say(400, b'{"error":"Invalid event format"}')

            def say(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        host, port = address.split(":")
        self.listener = http.server.ThreadingHTTPServer((host, int(port)), Handler)
        self.listener.daemon_threads = True
        threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()


class Spool(Case):
    SESSION = "7d1f0c52-0000-4000-8000-00000000000a"

    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.set_up_client(self.server)
        self.data = (FIXTURES / "events/two-agents.jsonl").read_bytes()

    def stream_without_server(self):
        self.server.stop()
        done = self.run_bridge("stream", "--tee", "--drain-timeout", "0s", stdin=self.data)
        self.assertEqual((done.code, done.out.encode()), (75, self.data), done.err)
        self.assertIn("kept in the spool", done.err)

    def sources(self):
        return [json.loads(line) for line in self.run_bridge("spool", "ls", "--json").out.splitlines()]

    def back_again(self):
        self.server.arguments[self.server.arguments.index("--listen") + 1] = self.server.address
        self.server.start()

    def test_u5_what_could_not_be_delivered_waits_privately_and_spool_flush_delivers_it_once(self):
        self.stream_without_server()
        (source,) = self.sources()
        self.assertEqual(source["destination"], self.server.url)
        self.assertGreater(source["waiting"], 0)
        spool = self.home / ".local/state/agentpipe/spool"
        for path in [spool, *spool.rglob("*")]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o700 if path.is_dir() else 0o600, path)
        self.assertEqual(self.run_bridge("spool", "flush", "--drain-timeout", "1s").code, 75)
        status = self.run_bridge("status", "--json").json()
        self.assertEqual(status["spool"]["waiting"], source["waiting"])
        self.assertTrue(status["spool"]["last_trouble"])
        self.back_again()
        done = self.run_bridge("spool", "flush")
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(self.sources(), [])
        self.assertEqual(self.server.get(f"/api/sessions/{self.SESSION}")["totalMessages"], 2)
        self.assertTrue(self.run_bridge("status", "--json").json()["spool"]["last_delivery"])

    def test_the_next_stream_brings_along_what_earlier_ones_left(self):
        self.stream_without_server()
        self.back_again()
        done = self.run_bridge("stream", stdin=b'{"type":"conversation.started","timestamp":"2026-01-05T08:00:00Z","data":'
                               b'{"conversation_id":"later","mode":"m","initial_prompt":"p","participants":[]}}\n')
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("of earlier runs delivered as well", done.err)
        self.assertEqual(self.sources(), [])
        self.assertEqual(self.server.get(f"/api/sessions/{self.SESSION}")["totalMessages"], 2)

    def test_a_follower_that_waits_for_earlier_events_tells_a_refused_key_and_keeps_everything(self):
        self.stream_without_server()
        self.back_again()
        self.set_up_client(self.server, key="ap_live_of_somebody_else_0123456789ab")
        file = self.home / "session.jsonl"
        file.write_bytes(self.data)
        process = subprocess.Popen([BINARY, "stream", "--follow", file], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   env=self.environment, cwd=self.home)
        self.addCleanup(process.kill)
        self.assertIn("refuses the key", process.stderr.readline().decode())
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 77, err)
        self.assertIn("401", self.run_bridge("status", "--json").json()["spool"]["last_trouble"])
        self.set_up_client(self.server)
        self.assertEqual(self.run_bridge("spool", "flush").code, 0)
        self.assertEqual(self.server.get(f"/api/sessions/{self.SESSION}")["totalMessages"], 2)

    def test_status_tells_what_waits_for_another_server_than_the_one_set_up(self):
        self.stream_without_server()
        (source,) = self.sources()
        self.environment["AGENTPIPE_STREAM_URL"] = "http://localhost:1"
        spool = self.run_bridge("status", "--json").json()["spool"]
        self.assertEqual((spool["waiting"], spool["waiting_for_other_servers"]), (0, source["waiting"]))
        self.assertIn(f"0 waiting, {source['waiting']} for other servers", self.run_bridge("status").out)

    def test_dead_letters_are_queued_again_once_what_was_wrong_is_mended(self):
        self.server.stop()
        refusing = Refusing(self.server.address)
        done = self.run_bridge("stream", stdin=self.data)
        refusing.close()
        self.assertEqual(done.code, 65, done.err)
        (source,) = self.sources()
        self.assertEqual(source["waiting"], 0)
        self.back_again()
        done = self.run_bridge("spool", "replay-dead")
        self.assertEqual((done.code, done.err.split(" ")[0]), (0, str(source["dead_letters"])), done.err)
        self.assertEqual(self.run_bridge("spool", "flush").code, 0)
        self.assertEqual(self.server.get(f"/api/sessions/{self.SESSION}")["totalMessages"], 2)
        self.assertEqual(self.run_bridge("spool", "replay-dead").err.split(" ")[0], "0")

    def test_what_waits_is_not_deleted_by_a_slip_of_the_hand(self):
        self.stream_without_server()
        (source,) = self.sources()
        self.assertEqual(self.run_bridge("spool", "rm", source["source"][:6]).code, 2)
        self.assertEqual(self.run_bridge("spool", "rm", source["source"][:6], "--yes").code, 0)
        self.assertEqual(self.sources(), [])
        self.assertEqual(self.run_bridge("spool", "inspect", "nothing").code, 1)


class Upload(Case):
    @needs_shared
    def test_every_file_of_the_go_cli_is_stored_once_with_its_counts(self):
        files = SHARED / "files"
        expected = {  # messages of agents and people; host, join and system lines are notes
            "events_4fd47e6a-b25b-4013-b651-6a7a675300d1.jsonl": [6],
            "state/conversation-20261122-160608.json": [5],
            "chatlog-text/chat_2026-11-22_16-06-08.log": [5],
            "chatlog-json/chat_2026-11-22_16-06-08.log": [5],
            "export-full.json": [5],
            "export-bare.json": [5],
            "stdout-emitter.jsonl": [4],
        }
        for name, counts in expected.items():
            with self.subTest(name):
                server = self.start_server(database=name.replace("/", "-") + ".db")
                self.set_up_client(server)
                first = self.run_bridge("upload", "--json", files / name)
                self.assertEqual(first.code, 0, first.out + first.err)
                sessions = json.loads(first.out.splitlines()[0])["sessions"]
                self.assertEqual([s["result"] for s in sessions], ["new"] * len(counts), first.out)
                stored = [server.get(f"/api/sessions/{s['conversation_id']}")["totalMessages"] for s in sessions]
                self.assertEqual(stored, counts)
                again = self.run_bridge("upload", "--json", files / name)
                self.assertEqual({s["result"] for s in json.loads(again.out.splitlines()[0])["sessions"]}, {"unchanged"}, again.out)

    @needs_shared
    def test_a_key_inside_a_state_file_does_not_leave_the_machine(self):
        server = self.start_server()
        self.set_up_client(server)
        done = self.run_bridge("upload", SHARED / "files/state")
        self.assertEqual(done.code, 0, done.err)
        server.stop()
        for path in self.home.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"sk_made_up_0123456789abcdef", path.read_bytes(), path)

    def test_folders_globs_and_standard_input_find_the_same_session(self):
        server = self.start_server()
        self.set_up_client(server)
        folder = self.home / "logs" / "deep"
        folder.mkdir(parents=True)
        data = (FIXTURES / "events/two-agents.jsonl").read_bytes()
        (folder / "one.jsonl").write_bytes(data)
        results = []
        for arguments, stdin in ((["logs"], b""), (["logs/**/*.jsonl"], b""), (["-"], data)):
            done = self.run_bridge("upload", "--json", *arguments, stdin=stdin)
            self.assertEqual(done.code, 0, done.err)
            results += [s["result"] for s in json.loads(done.out.splitlines()[0])["sessions"]]
        self.assertEqual(results, ["new", "unchanged", "unchanged"])

    def test_a_bad_file_is_named_with_line_and_reason_and_the_others_go_in(self):
        server = self.start_server()
        self.set_up_client(server)
        good = FIXTURES / "events/two-agents.jsonl"
        bad = self.home / "bad.jsonl"
        lines = good.read_text().splitlines()
        lines[3] = '{"type":"message.created","data":{"conversation_id":"x y","content":"z"}}'
        bad.write_text("\n".join(lines))
        done = self.run_bridge("upload", bad, good)
        self.assertEqual(done.code, 65, done.out + done.err)
        self.assertRegex(done.out + done.err, r"bad\.jsonl:4: .*conversation_id")
        self.assertEqual(server.get("/api/sessions/7d1f0c52-0000-4000-8000-00000000000a")["totalMessages"], 2)

    def test_a_zip_archive_goes_in_as_it_came_and_twice_is_once(self):
        self.set_up_client(self.start_server())
        said = [{"uuid": f"m-{n}", "sender": "human", "text": f"word {n}", "created_at": "2026-01-05T08:00:00Z"} for n in range(3)]
        chats = [{"uuid": f"c-{n}", "name": "Rivers", "chat_messages": said, "updated_at": "2026-01-05T08:01:00Z"} for n in range(50)]
        archive = self.home / "export.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zip_file:
            zip_file.writestr("users.json", "[]")
            zip_file.writestr("conversations.json", json.dumps(chats))
        before = sorted(self.home.rglob("*.json"))
        for expected in ("50 sessions: 50 new, 0 grown, 0 unchanged; 0 failed", "50 sessions: 0 new, 0 grown, 50 unchanged; 0 failed"):
            done = self.run_bridge("upload", archive)
            self.assertEqual((done.code, done.out.splitlines()[-1]), (0, expected), done.err)
        self.assertEqual(sorted(self.home.rglob("*.json")), before)

    def test_dry_run_sends_nothing_and_a_session_document_goes_in_whole(self):
        server = self.start_server()
        self.set_up_client(server)
        document = {"conversation": {"name": "Rivers", "mode": "reactive", "initial_prompt": "p", "status": "COMPLETED",
                                     "started_at": "2026-01-05T08:00:00Z"},
                    "agents": [{"agent_type": "a", "agent_name": "A"}],
                    "messages": [{"agent_type": "a", "agent_name": "A", "content": "x", "timestamp": "2026-01-05T08:00:01Z"}]}
        path = self.home / "session.json"
        path.write_text(json.dumps(document))
        self.assertEqual(self.run_bridge("upload", "--dry-run", path).code, 0)
        self.assertEqual(server.get("/api/sessions")["sessions"], [])
        self.assertEqual(self.run_bridge("upload", path).code, 0)
        stored = server.get("/api/sessions")["sessions"]
        self.assertEqual([(s["name"], s["totalMessages"], s["source"]) for s in stored], [("Rivers", 1, "cli-upload")])


class FirstStart(Case):
    @needs_file
    def test_a_first_start_makes_a_key_and_prints_the_line_that_sets_up_a_client(self):
        server = self.start_server(key=None)
        printed = "".join(server.lines)
        command = re.search(r"agentpipe-bridge (setup .*)", printed)
        key = re.search(r"ap_live_[A-Za-z0-9_-]{32}", printed)
        self.assertTrue(command and key, printed)
        self.assertNotIn(key.group(0), command.group(0))
        arguments = command.group(1).split()
        done = self.run_bridge(*arguments, stdin=key.group(0).encode())
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(self.run_bridge("test").code, 0)
        self.assertEqual(stat.S_IMODE(server.database.stat().st_mode), 0o600)
        server.stop()
        self.assertNotIn(key.group(0).encode(), server.database.read_bytes())
        server.start()
        self.assertNotIn("ap_live_", "".join(server.lines))
        self.assertEqual(self.run_bridge("test", "--url", server.url).code, 0)

    def test_a_server_that_cannot_start_says_why_in_one_sentence(self):
        server = self.start_server()
        foreign = self.home / "foreign.db"
        foreign.write_bytes(b"this is no database, it is a text" * 100)
        unknown = self.home / "web.yaml"
        unknown.write_text("listn: 127.0.0.1:0\n")
        rows = [
            (["--listen", server.address], 78, server.address),
            (["--listen", "127.0.0.1:0", "--database", "sqlite:/proc/none/web.db"], None, "/proc/none"),
            (["--listen", "127.0.0.1:0", "--database", f"sqlite:{foreign}"], None, "foreign.db"),
            (["--listen", "nonsense"], 2, "listen"),
            (["--listen", "0.0.0.0:0", "--auth", "off"], 78, "auth"),
            (["--no-such-flag"], 2, "--no-such-flag"),
            (["--config", str(unknown)], 78, "listen"),
        ]
        for arguments, code, word in rows:
            with self.subTest(arguments):
                if "--database" not in arguments:
                    arguments = [*arguments, "--database", f"sqlite:{self.home}/other.db"]
                if arguments[0] == "--config":
                    done = self.run_bridge(*arguments[:2], "web", "serve", *arguments[2:])
                else:
                    done = self.run_bridge("web", "serve", *arguments)
                self.assertIn(done.code, (code,) if code is not None else (1, 74, 78), done.err)
                self.assertIn(word, done.err)
                self.assertLessEqual(len(done.err.strip().splitlines()), 3, done.err)


class Secrets(Case):
    def test_the_key_is_in_the_config_file_and_nowhere_else(self):
        server = self.start_server()
        self.set_up_client(server)
        process = subprocess.Popen([BINARY, "stream", "-v", "--log-level", "debug"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment)
        self.addCleanup(process.kill)
        process.stdin.write((FIXTURES / "events/two-agents.jsonl").read_bytes())
        process.stdin.flush()
        arguments = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
        out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, err)
        server.stop()
        canary = KEY.encode()
        self.assertNotIn(canary, arguments + out + err + "".join(server.lines).encode())
        holders = [p.name for p in self.home.rglob("*") if p.is_file() and canary in p.read_bytes()]
        self.assertEqual(holders, [".agentpipe.yaml"])
