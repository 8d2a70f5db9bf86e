"""A stand-in for the existing Next.js server: its ingest endpoint and the one read that a client needs, with the statuses,
refusals and weaknesses that were seen of it. No batches, no uploads, no health page, no second chance: an event that comes
again meets its own primary key and is answered 500, and so is a message whose conversation is not there. In memory; one
lock in place of the database's own."""

import http.server
import json
import re
import threading
import urllib.parse

NOT_FOUND = b"<!DOCTYPE html><html><title>404: This page could not be found.</title></html>"
STATUSES = {"completed": "COMPLETED", "interrupted": "INTERRUPTED", "error": "ERROR"}
MOST_CONTENT, MOST_TEXT, MOST_SHORT_TEXT = 100_000, 10_000, 1_000  # UTF-16 code units


class Invalid(Exception):
    """The schema refuses the event as a whole: 400."""


class Fault(Exception):
    """The database does: 500."""


def text(most=None):
    return lambda value: isinstance(value, str) and (most is None or units(value) <= most)


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def any_of(*words):
    return lambda value: value in words


def fields(**rules):
    """An object; a name with _ at its end is a field that may be left out. Null is no value, unknown keys are stripped."""
    def check(value):
        if not isinstance(value, dict):
            return False
        for name, rule in rules.items():
            key, optional = name.rstrip("_"), name.endswith("_")
            if key not in value:
                if not optional:
                    return False
            elif not rule(value[key]):
                return False
        return True
    return check


def list_of(rule):
    return lambda value: isinstance(value, list) and all(rule(item) for item in value)


def with_one_of(rule, *names):
    return lambda value: rule(value) and any(value.get(name) for name in names)


def units(value):
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


SYSTEM = with_one_of(fields(agentpipe_version=text(), os=text(), os_version=text(), go_version=text(), architecture_=text(),
                            arch_=text()), "architecture", "arch")
PARTICIPANTS = list_of(fields(agent_id_=text(), agent_type=text(), agent_version_=text(), model_=text(), name_=text(),
                              prompt_=text(), cli_version_=text()))
SUMMARY = fields(short_text_=text(MOST_SHORT_TEXT), text=text(MOST_TEXT), agent_type=text(), model=text(), input_tokens=number,
                 output_tokens=number, total_tokens=number, cost=number, duration_ms=number)
SCHEMAS = {
    "bridge.connected": fields(system_info=SYSTEM, connected_at=text()),
    "bridge.test": fields(message_=text(), system_info_=SYSTEM),
    "conversation.started": fields(conversation_id=text(), mode=text(), initial_prompt=text(), max_turns_=number,
                                   participants_=PARTICIPANTS, agents_=PARTICIPANTS, system_info=SYSTEM),
    "message.created": fields(conversation_id=text(), message_id_=text(), agent_type=text(), agent_name_=text(),
                              agent_version_=text(), content=text(MOST_CONTENT), role_=text(), sequence_number_=number,
                              turn_number_=number, tokens_used_=number, input_tokens_=number, output_tokens_=number,
                              cost_=number, model_=text(), duration_ms_=number),
    "conversation.completed": fields(conversation_id=text(), status=any_of(*STATUSES), total_messages_=number,
                                     total_turns_=number, total_tokens_=number, total_cost_=number, duration_seconds_=number,
                                     summary_=SUMMARY),
    "conversation.error": fields(conversation_id=text(), error_message=text(), error_type_=text(), agent_type_=text()),
}


def check(event):
    if not isinstance(event, dict) or event.get("type") not in SCHEMAS:
        raise Invalid("type")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z", str(event.get("timestamp"))):
        raise Invalid("timestamp")
    data = event.get("data")
    if not SCHEMAS[event["type"]](data):
        raise Invalid("data")
    if event["type"] == "conversation.started" and "participants" not in data and "agents" not in data:
        raise Invalid("participants")


class Tables:
    """The rows, and the rules of PostgreSQL about them."""

    def __init__(self):
        self.lock = threading.Lock()
        self.conversations = {}
        self.messages = {}  # by id over all conversations: the primary key
        self.log = []  # (type, conversation, message) of everything that was stored, in order

    def store(self, event):
        check(event)
        if has_unstorable(event):
            raise Fault("text")
        data = event["data"]
        with self.lock:
            answer = getattr(self, event["type"].replace(".", "_"))(data, event["timestamp"])
            self.log.append((event["type"], data.get("conversation_id"), data.get("message_id")))
        return answer

    def bridge_connected(self, _, timestamp):
        return 200, {"success": True, "message": "Bridge connected", "received_at": timestamp}

    bridge_test = bridge_connected

    def conversation_started(self, data, timestamp):
        name = data["conversation_id"]
        agents = [agent.get("agent_id", f"{name}-{agent['agent_type']}") for agent in data.get("participants", data.get("agents"))]
        if name in self.conversations or len(set(agents)) < len(agents):
            raise Fault("unique")
        self.conversations[name] = {
            "id": name, "mode": data["mode"], "initialPrompt": data["initial_prompt"], "status": "ACTIVE", "source": "cli-stream",
            "startedAt": timestamp, "participants": agents, "totalMessages": 0, "totalTokens": 0, "messages": []}
        return 201, {"conversation_id": name}

    def message_created(self, data, timestamp):
        name = data.setdefault("message_id", f"generated-{len(self.messages)}")
        conversation = self.known(data)
        if name in self.messages:
            raise Fault("unique")
        row = {"id": name, "agentId": f"{conversation['id']}-{data['agent_type']}", "agentName": data.get("agent_name"),
               "agentType": data["agent_type"], "content": data["content"], "role": data.get("role", "agent"),
               "timestamp": timestamp, "sequenceNumber": data.get("sequence_number"), "totalTokens": data.get("tokens_used")}
        self.messages[name] = row
        conversation["messages"].append(row)
        conversation["totalMessages"] += 1
        conversation["totalTokens"] += data.get("tokens_used", 0)
        return 201, {"message_id": name}

    def conversation_completed(self, data, timestamp):
        row = {"status": STATUSES[data["status"]], "completedAt": timestamp, "totalMessages": data.get("total_messages"),
               "totalTokens": data.get("total_tokens"), "summaryText": data.get("summary", {}).get("text")}
        self.known(data).update({key: value for key, value in row.items() if value is not None})
        return 200, {"success": True}

    def conversation_error(self, data, _):
        self.known(data).update(status="ERROR", errorMessage=data["error_message"])
        return 200, {"success": True}

    def known(self, data):
        if data["conversation_id"] not in self.conversations:
            raise Fault("foreign key")
        return self.conversations[data["conversation_id"]]

    def read(self, name):
        """The whole conversation, without pages; nothing when it is not there."""
        with self.lock:
            row = self.conversations.get(name)
            if row is None:
                return None
            return {**row, "messages": sorted(row["messages"], key=lambda m: (m["sequenceNumber"] or 0, m["timestamp"]))}


def has_unstorable(value):
    if isinstance(value, str):
        return "\0" in value or any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return any(map(has_unstorable, value.values()))
    return isinstance(value, list) and any(map(has_unstorable, value))


class ExistingServer:
    """Listens from the constructor on. `requests`: (method, path, status) of everything that came, in order; `tables` may be
    handed on to another one, as after a restart."""

    def __init__(self, key, tables=None, port=0):
        self.tables = tables or Tables()
        self.key = key
        self.requests = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                found = re.fullmatch(r"/api/conversations/([^/?]+)", self.path)
                if not found:
                    return self.say(404, NOT_FOUND, "text/html; charset=utf-8")
                row = outer.tables.read(urllib.parse.unquote(found[1]))
                return self.tell(200, row) if row else self.tell(404, {"error": "Conversation not found"})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path != "/api/ingest":
                    return self.say(404, NOT_FOUND, "text/html; charset=utf-8")
                header = self.headers.get("Authorization")
                if header is None or header.replace("Bearer ", "", 1) != outer.key:
                    details = "Invalid API key" if header else "Missing or invalid authorization header"
                    return self.tell(401, {"error": "Unauthorized", "details": details})
                try:
                    return self.tell(*outer.tables.store(json.loads(body)))
                except Invalid as why:
                    return self.tell(400, {"error": "Invalid event format", "details": [{"path": [str(why)], "message": "Invalid"}]})
                except (Fault, ValueError):
                    return self.tell(500, {"error": "Failed to process event"})

            def tell(self, status, document):
                self.say(status, json.dumps(document).encode(), "application/json")

            def say(self, status, body, kind):
                outer.requests.append((self.command, self.path, status))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                """A connection that broke is the client's business."""

        self.listener = Listener(("127.0.0.1", port), Handler)
        self.address = self.listener.server_address
        self.url = f"http://127.0.0.1:{self.address[1]}"
        self.thread = threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()
