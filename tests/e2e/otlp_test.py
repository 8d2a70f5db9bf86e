"""POST /v1/traces: what OpenTelemetry's exporters send about model calls."""

import gzip
import json

from harness import Case

TRACE = "5b8efff798038103d269b633813fc60c"


def attribute(key, value):
    return {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}


def said(role, text):
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def chat(number, given, answer, **more):
    """A span of one model call: its prompts, its answer, 100 tokens in (40 from the cache), 10 out."""
    attributes = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.agent.name": "planner",
                  "gen_ai.request.model": "gpt-5", "gen_ai.conversation.id": "talk-1",
                  "gen_ai.usage.input_tokens": 100, "gen_ai.usage.cache_read.input_tokens": 40,
                  "gen_ai.usage.output_tokens": 10, "gen_ai.input.messages": json.dumps(given),
                  "gen_ai.output.messages": json.dumps([answer])}
    start = 1767600000 + number
    return {"traceId": TRACE, "spanId": f"{number:016x}", "name": "chat gpt-5", "kind": 3,
            "startTimeUnixNano": f"{start}000000000", "endTimeUnixNano": f"{start}250000000",
            "attributes": [attribute(*pair) for pair in attributes.items()], **more}


def request(*spans):
    resource = {"attributes": [attribute("service.name", "shop")]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "s"}, "spans": list(spans)}]}]}


WEATHER = said("user", "Weather in Bonn?")
CALL = {"role": "assistant", "parts": [{"type": "tool_call", "id": "t1", "name": "get", "arguments": {"city": "Bonn"}}]}
RESULT = {"role": "tool", "parts": [{"type": "tool_call_response", "id": "t1", "response": "rain"}]}
RAIN = said("assistant", "Rain.")
AGAIN = said("user", "And tomorrow?")
SUN = said("assistant", "Sun.")
FIRST = request(chat(1, [WEATHER], CALL), chat(2, [WEATHER, CALL, RESULT], RAIN))
SECOND = request(chat(3, [WEATHER, CALL, RESULT, RAIN, AGAIN], SUN))


def transcript(server, session="otel:talk-1"):
    messages = server.get(f"/api/sessions/{session}/messages")["messages"]
    return [(m["role"], m["agentName"], m["content"]) for m in messages]


def value(plain):
    if isinstance(plain, dict):
        return {"kvlistValue": {"values": [{"key": key, "value": value(each)} for key, each in plain.items()]}}
    if isinstance(plain, list):
        return {"arrayValue": {"values": [value(each) for each in plain]}}
    return {"intValue": str(plain)} if isinstance(plain, int) else {"stringValue": plain}


def record(number, event, body, **more):
    """A log event of the call whose span has this number."""
    return {"traceId": TRACE, "spanId": f"{number:016x}", "timeUnixNano": f"{1767600000 + number}000000000", "eventName": event,
            "body": value(body), "attributes": [attribute("gen_ai.system", "openai"), attribute("gen_ai.agent.name", "planner"),
                                                attribute("gen_ai.conversation.id", "talk-1")], **more}


def logs(*records):
    resource = {"attributes": [attribute("service.name", "shop")]}
    return {"resourceLogs": [{"resource": resource, "scopeLogs": [{"scope": {}, "logRecords": list(records)}]}]}


TOOL = {"id": "t1", "type": "function", "function": {"name": "get", "arguments": '{"city":"Bonn"}'}}
ASKED = record(1, "gen_ai.user.message", {"content": "Weather in Bonn?"})
FIRST_LOGS = logs(ASKED, record(1, "gen_ai.choice", {"index": 0, "finish_reason": "tool_calls", "message": {"tool_calls": [TOOL]}}),
                  {**ASKED, "spanId": f"{2:016x}"}, record(2, "gen_ai.assistant.message", {"tool_calls": [TOOL]}),
                  record(2, "gen_ai.tool.message", {"id": "t1", "content": "rain"}),
                  record(2, "gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": {"content": "Rain."}}))


def without_content(span):
    return {**span, "attributes": [a for a in span["attributes"] if not a["key"].endswith(".messages")]}


class Logs(Case):
    SAID = [("user", "user", "Weather in Bonn?"), ("assistant", "planner", '**get** `{"city":"Bonn"}`'),
            ("tool", "tool", "```\nrain\n```"), ("assistant", "planner", "Rain.")]

    def send(self, *requests):
        server = self.start_server()
        for path, body in requests:
            self.assertEqual(server.post(path, body), (200, {}), path)
        return server

    def test_events_alone_are_a_conversation_however_often_they_come(self):
        server = self.send(("/v1/logs", FIRST_LOGS), ("/v1/logs", FIRST_LOGS))
        self.assertEqual(transcript(server), self.SAID)
        self.assertEqual(server.get("/api/sessions/otel:talk-1")["name"], "Weather in Bonn?")

    def test_events_and_spans_with_the_same_content_are_stored_once_whichever_come_first(self):
        for order in (("/v1/logs", "/v1/traces"), ("/v1/traces", "/v1/logs")):
            with self.subTest(order):
                server = self.send(*((path, {"/v1/logs": FIRST_LOGS, "/v1/traces": FIRST}[path]) for path in order))
                self.assertEqual(transcript(server), self.SAID)
                server.stop()
                for path in self.home.glob("web.db*"):
                    path.unlink()

    def test_the_events_bring_the_content_and_the_spans_what_was_used(self):
        spans = request(without_content(chat(1, [], RAIN)), without_content(chat(2, [], RAIN)))
        server = self.send(("/v1/traces", spans), ("/v1/logs", FIRST_LOGS))
        session = server.get("/api/sessions/otel:talk-1")
        self.assertEqual((session["name"], session["totalTokens"], session["totalMessages"]), ("Weather in Bonn?", 220, 6))
        self.assertEqual([line for line in transcript(server) if "no content" not in line[2]], self.SAID)

    def test_what_belongs_nowhere_is_counted_and_a_wrong_body_refused(self):
        server = self.start_server()
        lost = record(1, "gen_ai.user.message", {"content": "Hi"}, traceId="", attributes=[])
        self.assertEqual(server.post("/v1/logs", logs(lost, ASKED)), (200, {"partialSuccess": {
            "rejectedLogRecords": "1", "errorMessage": 'Log record "gen_ai.user.message": it needs a traceId or the attribute '
                                                       'gen_ai.conversation.id.'}}))
        self.assertEqual(transcript(server), self.SAID[:1])
        for body, status, code in ((b"[]", 400, "invalid_json"), (b'{"resourceLogs":1}', 400, "bad_field")):
            answered, _, content = server.request("POST", "/v1/logs", body)
            self.assertEqual((answered, json.loads(content)["code"]), (status, code))


def claude(name, sequence, **attributes):
    """A record as Claude Code exports it: of no span, and the whole of its name in the body."""
    named = {"event.name": name, "event.timestamp": f"2026-01-05T08:00:{sequence:02}.000Z", "event.sequence": sequence,
             "session.id": "cc-1", **{key.replace("__", "."): value for key, value in attributes.items()}}
    return {"timeUnixNano": f"{1767600000 + sequence}000000000", "body": {"stringValue": f"claude_code.{name}"},
            "attributes": [attribute(*pair) for pair in named.items()]}


class Agents(Case):
    """What coding agents write to their telemetry in words of their own."""

    RECORDS = (
        claude("user_prompt", 1, prompt="Fix the build", prompt__id="p1"),
        claude("mcp_server_connection", 2, status="connected"),
        claude("tool_result", 3, tool_name="Bash", tool_use_id="t1", success="true", duration_ms=40),
        claude("api_request", 4, request_id="r1", model="claude-opus-4-6", input_tokens=3, output_tokens=7,
               cache_read_tokens=20, cache_creation_tokens=10, cost_usd="0.25", duration_ms=900),
        claude("assistant_response", 5, request_id="r1", response="Done."),
        claude("user_prompt", 6, prompt="Fix the build", prompt__id="p2"),
        claude("api_error", 7, error="overloaded", status_code="529"))

    def test_a_session_of_claude_code_is_stored_once_however_often_its_records_come(self):
        server = self.start_server()
        for _ in range(2):
            self.assertEqual(server.post("/v1/logs", logs(*self.RECORDS)), (200, {}))
        self.assertEqual(transcript(server, "otel:cc-1"), [
            ("user", "user", "Fix the build"), ("tool", "tool", "**Bash**"), ("assistant", "shop", "Done."),
            ("user", "user", "Fix the build")])
        session = server.get("/api/sessions/otel:cc-1")
        self.assertEqual([session[key] for key in ("name", "totalTokens", "totalCost", "errorCount", "errorMessage")],
                         ["Fix the build", 40, 0.25, 1, "overloaded"])
        answer = server.get("/api/sessions/otel:cc-1/messages")["messages"][2]
        self.assertEqual([answer[key] for key in ("agentType", "model", "inputTokens", "cacheReadTokens", "cacheWriteTokens",
                                                  "outputTokens", "costKind", "duration")],
                         ["claude-code", "claude-opus-4-6", 3, 20, 10, 7, "reported", 900])
        metrics = server.request("GET", "/metrics")[2].decode().splitlines()
        self.assertIn("agentpipe_otlp_passed_over_total 2", metrics)

    def test_records_of_a_call_that_contradicts_what_is_stored_are_counted_each(self):
        server = self.start_server()
        server.post("/v1/logs", logs(*self.RECORDS))
        other = claude("assistant_response", 5, request_id="r1", response="Something else.")
        status, answer = server.post("/v1/logs", logs(self.RECORDS[3], other))
        self.assertEqual((status, answer["partialSuccess"]["rejectedLogRecords"]), (200, "2"))


class Traces(Case):
    def test_two_turns_in_three_spans_and_two_requests_are_stored_once_however_often_they_are_sent(self):
        server = self.start_server()
        for body in (FIRST, FIRST, SECOND, FIRST, SECOND):
            self.assertEqual(server.post("/v1/traces", body), (200, {}))
        self.assertEqual(transcript(server), [
            ("user", "user", "Weather in Bonn?"), ("assistant", "planner", '**get** `{"city":"Bonn"}`'),
            ("tool", "tool", "```\nrain\n```"), ("assistant", "planner", "Rain."),
            ("user", "user", "And tomorrow?"), ("assistant", "planner", "Sun.")])
        session = server.get("/api/sessions/otel:talk-1")
        self.assertEqual((session["name"], session["initialPrompt"], session["totalMessages"], session["totalTokens"]),
                         ("Weather in Bonn?", "Weather in Bonn?", 6, 330))
        answer = server.get("/api/sessions/otel:talk-1/messages")["messages"][-1]
        self.assertEqual([answer[k] for k in ("inputTokens", "cacheReadTokens", "outputTokens", "model", "duration")],
                         [60, 40, 10, "gpt-5", 250])
        self.assertEqual(answer["costKind"], "estimated")

    def test_a_bad_span_is_counted_and_named_and_the_good_one_beside_it_is_stored(self):
        server = self.start_server()
        status, answer = server.post("/v1/traces", request(chat(1, [WEATHER], RAIN, traceId="12"), chat(2, [AGAIN], SUN)))
        self.assertEqual((status, answer), (200, {"partialSuccess": {
            "rejectedSpans": "1",
            "errorMessage": 'Span "chat gpt-5": traceId must be 32 hexadecimal digits, not all of them 0.'}}))
        self.assertEqual([content for _, _, content in transcript(server)], ["And tomorrow?", "Sun."])

    def test_an_error_is_noted_once_and_other_spans_are_passed_over(self):
        server = self.start_server()
        failed = chat(1, [WEATHER], RAIN, status={"code": 2, "message": "rate limited"})
        failed["attributes"] = [a for a in failed["attributes"]
                                if "usage" not in a["key"] and a["key"] != "gen_ai.output.messages"]
        query = {"traceId": "?", "name": "SELECT", "attributes": [attribute("db.system", "sqlite")]}
        for _ in range(2):
            self.assertEqual(server.post("/v1/traces", request(failed, query)), (200, {}))
        session = server.get("/api/sessions/otel:talk-1")
        self.assertEqual((session["totalMessages"], session["errorCount"], session["errorMessage"]),
                         (1, 1, "rate limited"))

    def test_packed_bodies_are_taken_and_what_cannot_be_taken_is_told_with_the_remedy(self):
        server = self.start_server()
        packed = gzip.compress(json.dumps(FIRST).encode())
        told = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        self.assertEqual(server.request("POST", "/v1/traces", packed, told)[0], 200)
        self.assertEqual(len(transcript(server)), 4)
        rows = [
            (b"\x0a\x00", {"Content-Type": "application/x-protobuf"}, 415, "unsupported_media_type"),
            (packed[:-9], told, 400, "invalid_encoding"),
            (b"[]", {}, 400, "invalid_json"),
            (b'{"resourceSpans":1}', {}, 400, "bad_field"),
            (b"{}", {"Authorization": "Bearer ap_live_wrong"}, 401, "invalid_key"),
        ]
        for body, headers, status, code in rows:
            with self.subTest(code):
                answered, _, content = server.request("POST", "/v1/traces", body, headers)
                self.assertEqual((answered, json.loads(content)["code"]), (status, code))
        content = server.request("POST", "/v1/traces", *rows[0][:2])[2]
        self.assertIn("OTEL_EXPORTER_OTLP_PROTOCOL=http/json", json.loads(content)["message"])
