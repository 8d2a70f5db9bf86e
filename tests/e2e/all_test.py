"""Everything that agents left on a machine: upload --all, stream --follow --all, status."""

import json
import os
import time

from harness import Case

OLD = time.time() - 3 * 86400


def record(kind, session, uuid, text, parent=None, **more):
    content = text if kind == "user" else [{"type": "text", "text": text}]
    message = {"role": kind, "content": content}
    if kind == "assistant":
        message.update({"id": f"msg_{uuid}", "model": "claude-sonnet-4-5", "stop_reason": "end_turn",
                        "usage": {"input_tokens": 3, "output_tokens": 5}})
    return json.dumps({"type": kind, "uuid": uuid, "parentUuid": parent, "sessionId": session, "cwd": "/work/rivers",
                       "timestamp": "2026-01-05T08:00:00.000Z", "version": "2.0", "isSidechain": False, "userType": "external",
                       "message": message, **more}) + "\n"


def claude(session, *, fork_of="s-1", more=""):
    """A question and its answer, under the ids of another session when it is a fork of that."""
    return (record("user", session, f"{fork_of}-u", "Name a river") +
            record("assistant", session, f"{fork_of}-a", "Danube", f"{fork_of}-u", requestId=f"req-{fork_of}") + more)


def codex(session):
    lines = [("session_meta", {"id": session, "cwd": "/work/lakes", "cli_version": "0.1"}),
             ("turn_context", {"turn_id": f"t-{session}", "cwd": "/work/lakes", "model": "gpt-5"}),
             ("event_msg", {"type": "user_message", "message": "Name a lake"}),
             ("event_msg", {"type": "agent_message", "message": "Vanern"}), ("event_msg", {"type": "task_complete"})]
    return "".join(json.dumps({"timestamp": "2026-01-05T08:00:00.000Z", "type": kind, "payload": payload}) + "\n"
                   for kind, payload in lines)


def codex_part(session, turn, said, **meta):
    """A part of a session that its person took back to an earlier turn: it goes on in another file."""
    lines = [("session_meta", {"id": session, "cwd": "/work/lakes", "history_mode": "paginated", **meta}),
             ("turn_context", {"turn_id": turn, "model": "gpt-5"}),
             *(("event_msg", {"type": "user_message", "message": words}) for words in said)]
    return "".join(json.dumps({"timestamp": "2026-01-05T08:00:00.000Z", "type": kind, "payload": payload}) + "\n"
                   for kind, payload in lines)


def gemini(session):
    head = {"sessionId": session, "projectHash": "p", "startTime": "2026-01-05T08:00:00.000Z",
            "lastUpdated": "2026-01-05T08:00:00.000Z", "kind": "main"}
    said = [{"id": "g-1", "timestamp": "2026-01-05T08:00:01.000Z", "type": "user", "content": "Name a hill"},
            {"id": "g-2", "timestamp": "2026-01-05T08:00:02.000Z", "type": "gemini", "content": "Brocken", "model": "gemini-2.5-pro"}]
    return "".join(json.dumps(line) + "\n" for line in [head, *said])


def copilot_record(kind, uuid, **data):
    return json.dumps({"type": kind, "id": uuid, "timestamp": "2026-01-05T08:00:00.000Z", "parentId": None, "data": data}) + "\n"


def copilot(session):
    return (copilot_record("session.start", "p-0", sessionId=session, selectedModel="gpt-5", context={"cwd": "/work/seas"}) +
            copilot_record("user.message", "p-1", content="Name a sea") +
            copilot_record("assistant.message", "p-2", messageId="m", content="Baltic", outputTokens=2))


def cursor_record(role, text):
    return json.dumps({"role": role, "message": {"content": [{"type": "text", "text": text}]}}) + "\n"


def aider(day, prompt="Name a cape"):
    """A chat of two messages as Aider writes it."""
    return (f"\n# aider chat started at {day} 08:00:00\n\n> Aider v0.86.0  \n> Model: gpt-5 with diff edit format  \n\n"
            f"#### {prompt}  \n\nHorn\n\n> Tokens: 604 sent, 12 received. Cost: $0.0012 message, $0.0012 session.  \n")


def event(kind, session, **data):
    return json.dumps({"type": kind, "timestamp": "2026-01-05T08:00:04Z", "data": {"conversation_id": session, **data}}) + "\n"


def agentpipe(session):
    agent = {"agent_id": "a-0", "agent_type": "a"}
    return (event("conversation.started", session, mode="m", initial_prompt="p", participants=[agent]) +
            event("message.created", session, message_id="m-1", role="agent", content="a word", **agent))


class Agents(Case):
    """A machine with a session of each agent."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.set_up_client(self.server)

    def put(self, path, text, changed=OLD):
        path = self.home / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (changed, changed))
        return path

    def fill(self):
        self.put(".agentpipe/events/events_e-1.jsonl", agentpipe("e-1"))
        self.claude_file = self.put(".claude/projects/-work-rivers/s-1.jsonl", claude("s-1"))
        self.put(".claude/projects/-work-rivers/notes.txt", "not a session")
        self.put(".codex/sessions/2026/01/05/rollout-2026-01-05T08-00-00-c-1.jsonl", codex("c-1"))
        self.put(".gemini/tmp/rivers/chats/session-1.jsonl", gemini("g-1"))
        self.put(".gemini/tmp/rivers/logs.json", "[]")

    def sessions(self):
        return {s["id"]: s["totalMessages"] for s in self.server.get("/api/sessions")["sessions"]}


class UploadAll(Agents):
    def upload(self, *arguments, code=0):
        done = self.run_bridge("upload", "--all", *arguments)
        self.assertEqual(done.code, code, done.err)
        return done

    def sum(self, *arguments, code=0):
        return self.upload(*arguments, code=code).out.splitlines()[-1]

    def test_all_agents_are_found_shown_and_uploaded_once(self):
        self.fill()
        done = self.upload()
        rows = [line.split() for line in done.out.splitlines()]
        self.assertEqual([(row[0], row[-4]) for row in rows[1:-1]],
                         [("agentpipe", "1"), ("Claude", "1"), ("Codex", "1"), ("Gemini", "1")], done.out)
        self.assertEqual(done.out.splitlines()[-1], "4 sessions: 4 new, 0 grown, 0 unchanged; 0 failed")
        stored = {"agentpipe": 1, "claude": 2, "codex": 2, "gemini": 2}
        self.assertEqual(sorted(self.sessions().values()), sorted(stored.values()))
        self.assertEqual(self.sum(), "4 sessions: 0 new, 0 grown, 4 unchanged; 0 failed")

    def test_what_has_not_changed_is_not_read_again_and_what_has_is(self):
        self.fill()
        self.upload()
        for path in (self.home / ".codex").rglob("*.jsonl"):
            self.put(path, path.read_text().replace("Vanern", "Saimaa"))  # as it was from outside
        with open(self.claude_file, "a") as file:
            file.write(record("user", "s-1", "s-1-v", "Another one", "s-1-a"))
        os.utime(self.claude_file, (OLD + 60, OLD + 60))
        self.assertEqual(self.sum(), "4 sessions: 0 new, 1 grown, 3 unchanged; 0 failed")
        self.assertEqual(self.sessions()["claude-code:s-1"], 3)

    def test_another_database_gets_everything_again(self):
        self.fill()
        self.upload()
        self.server.stop()
        for path in self.home.glob("web.db*"):
            path.unlink()
        again = self.start_server()
        self.set_up_client(again)
        self.assertEqual(self.sum(), "4 sessions: 4 new, 0 grown, 0 unchanged; 0 failed")

    def test_copilot_sessions_are_uploaded_once_and_grow_with_their_accounts(self):
        self.environment["COPILOT_HOME"] = f"{self.home}/pilot"
        folder = self.put("pilot/session-state/p-1/events.jsonl", copilot("p-1"))
        self.put("pilot/session-state/p-2.jsonl", copilot("p-2"))
        self.assertEqual(self.sum(), "2 sessions: 2 new, 0 grown, 0 unchanged; 0 failed")
        self.assertEqual(self.sessions(), {"copilot:p-1": 2, "copilot:p-2": 2})
        self.assertEqual(self.sum(), "2 sessions: 0 new, 0 grown, 2 unchanged; 0 failed")
        metrics = {"gpt-5": {"requests": {"count": 1}, "usage": {"inputTokens": 100, "cacheReadTokens": 60, "outputTokens": 2}}}
        with open(folder, "a") as file:
            file.write(copilot_record("session.shutdown", "p-3", shutdownType="routine", modelMetrics=metrics))
        os.utime(folder, (OLD + 60, OLD + 60))
        self.assertEqual(self.sum("--source", "copilot"), "2 sessions: 0 new, 1 grown, 1 unchanged; 0 failed")
        stored = {s["id"]: (s["totalMessages"], s["totalTokens"]) for s in self.server.get("/api/sessions")["sessions"]}
        self.assertEqual(stored, {"copilot:p-1": (3, 102), "copilot:p-2": (2, 2)})

    def test_cursor_transcripts_are_uploaded_once_and_grow(self):
        folder = ".cursor/projects/work-bays/agent-transcripts"
        said = cursor_record("user", "<user_query>Name a bay</user_query>") + cursor_record("assistant", "Hudson")
        path = self.put(f"{folder}/c-1/c-1.jsonl", said)
        self.put(f"{folder}/c-2.txt", "user:\n<user_query>\nName a cape\n</user_query>\n\nassistant:\nHorn\n")
        self.assertEqual(self.sum(), "2 sessions: 2 new, 0 grown, 0 unchanged; 0 failed")
        self.assertEqual(self.sessions(), {"cursor:c-1": 2, "cursor:c-2": 2})
        self.assertEqual(self.sum(), "2 sessions: 0 new, 0 grown, 2 unchanged; 0 failed")
        with open(path, "a") as file:
            file.write(cursor_record("user", "<user_query>Another</user_query>"))
        os.utime(path, (OLD + 60, OLD + 60))
        self.assertEqual(self.sum("--source", "cursor"), "2 sessions: 0 new, 1 grown, 1 unchanged; 0 failed")
        self.assertEqual(self.sessions(), {"cursor:c-1": 3, "cursor:c-2": 2})

    def test_the_parts_of_a_session_that_was_taken_back_are_stored_in_their_order(self):
        words = [f"lake {n} " + "of many, " * 20 + "all deep" for n in range(2000)]
        folder = ".codex/sessions/2026/01/05/rollout-2026-01-05T08"
        self.put(f"{folder}-00-00-c-1.jsonl", codex_part("c-1", "t-1", words))
        self.put(f"{folder}-30-00-c-1_p-2.jsonl", codex_part("c-1", "t-2", words[-1:], timestamp="2026-01-05T08:30:00Z",
                                                            history_base={"thread_id": "c-1", "end_ordinal_exclusive": 9}))
        self.upload()
        shown = self.server.get("/api/sessions/codex:c-1/messages?limit=200&after_seq=1900")["messages"]
        self.assertEqual([m["content"] for m in shown], words[1900:] + words[-1:])

    def test_aider_is_found_in_the_current_repository_and_in_the_folders_that_the_settings_list(self):
        history = ".aider.chat.history.md"
        (self.home / "here/.git").mkdir(parents=True)
        (self.home / "here/deep/er").mkdir(parents=True)
        for number, folder in enumerate(("here", "src", "src/one", "src/group/two", "src/a/b/too-deep", "elsewhere"), 1):
            self.put(f"{folder}/{history}", aider(f"2026-01-0{number}"))
        self.put("src/one/README.md", aider("2026-01-09"))
        self.environment["AGENTPIPE_PROJECT_FOLDERS"] = f"~/src, {self.home}/nowhere"
        found = lambda cwd, *more: self.run_bridge("upload", "--all", *more, cwd=self.home / cwd).out.splitlines()
        self.assertEqual(found("here/deep/er", "--source", "aider")[-1], "4 sessions: 4 new, 0 grown, 0 unchanged; 0 failed")
        self.assertEqual({n for n in self.sessions().values()}, {2})
        self.assertEqual(found("here")[-1], "4 sessions: 0 new, 0 grown, 4 unchanged; 0 failed")
        self.assertEqual(found("elsewhere")[-1], "4 sessions: 1 new, 0 grown, 3 unchanged; 0 failed")
        self.assertEqual(self.run_bridge("upload", "src").out.splitlines()[-1],
                         "5 sessions: 2 new, 0 grown, 3 unchanged; 0 failed")  # what is named is read to its depth

    def test_agents_days_and_projects_are_chosen(self):
        self.fill()
        self.assertEqual(self.sum("--source", "claude,codex", "--dry-run"), "2 sessions: 2 would be sent")
        self.assertEqual(self.sum("--project", "rivers", "--dry-run"), "1 session: 1 would be sent")
        self.assertEqual(self.sum("--project", "/work", "--dry-run"), "2 sessions: 2 would be sent")
        self.assertEqual(self.sum("--since", "2d", "--dry-run"), "0 sessions: 0 new, 0 grown, 0 unchanged; 0 failed")
        self.assertEqual(self.sessions(), {})

    def test_variables_lead_to_the_folders(self):
        self.put("one/projects/p/s-1.jsonl", claude("s-1"))
        self.put("two/projects/p/s-2.jsonl", claude("s-2", fork_of="s-2"))
        self.put("box/archived_sessions/rollout-2026-01-05T08-00-00-c-9.jsonl", codex("c-9"))
        self.put(".claude/projects/p/s-3.jsonl", claude("s-3", fork_of="s-3"))
        self.environment.update({"CLAUDE_CONFIG_DIR": f"{self.home}/one,{self.home}/two", "CODEX_HOME": f"{self.home}/box"})
        self.upload()
        self.assertEqual(sorted(self.sessions()), ["claude-code:s-1", "claude-code:s-2", "codex:c-9"])

    def test_a_fork_is_stored_without_what_it_copied_also_when_it_comes_later(self):
        self.put(".claude/projects/p/z-parent.jsonl", claude("s-1"))
        self.upload()
        fork = claude("s-2", fork_of="s-1", more=record("user", "s-2", "s-2-v", "And a lake?", "s-1-a"))
        self.put(".claude/projects/p/a-fork.jsonl", fork)
        self.assertEqual(self.sum(), "2 sessions: 1 new, 0 grown, 1 unchanged; 0 failed")
        self.assertEqual(self.sessions(), {"claude-code:s-1": 2, "claude-code:s-2": 1})
        self.assertEqual(self.sum(), "2 sessions: 0 new, 0 grown, 2 unchanged; 0 failed")
