"""The document at /api/openapi.json against what the server really answers."""

import json

from harness import Case
from ingest_test import STARTED, message

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
         "null": type(None)}


def faults(schema, value, schemas, path="$"):
    """What in `value` contradicts the schema (the part of JSON Schema that the document uses)."""
    if "$ref" in schema:
        return faults(schemas[schema["$ref"].rsplit("/", 1)[1]], value, schemas, path)
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{path}: {value!r} is none of {schema['enum']}"]
    wanted = schema.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    fits = any(isinstance(value, TYPES[name]) and not (name in ("integer", "number") and isinstance(value, bool))
               for name in wanted)
    if wanted and not fits:
        return [f"{path}: {value!r} is not of {wanted}"]
    found = []
    if isinstance(value, dict):
        found += [f"{path}: {name} is missing" for name in schema.get("required", []) if name not in value]
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                found += faults(inner, value[name], schemas, f"{path}.{name}")
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            found += faults(schema["items"], item, schemas, f"{path}[{index}]")
    return found


class OpenApi(Case):
    def test_answers_are_what_the_document_says(self):
        server = self.start_server()
        page = {"Sec-Fetch-Site": "same-origin", "Origin": server.url}
        document = server.get("/api/openapi.json")
        self.assertEqual(document["openapi"], "3.1.0")
        schemas = document["components"]["schemas"]

        def check(method, pattern, path, body=None, headers=None):
            operation = document["paths"][pattern][method.lower()]
            key = not path.startswith(("/api/sessions/c1/share", "/api/shares", "/api/sessions/c2"))
            status, received, content = server.request(method, path, body, headers or ({} if key else page), key=key)
            documented = operation["responses"]
            self.assertIn(str(status), documented, (method, path, status, content))
            schema = documented[str(status)]["content"].get("application/json", {}).get("schema")
            if schema:
                self.assertEqual(received["Content-Type"].split(";")[0], "application/json")
                self.assertEqual(faults(schema, json.loads(content), schemas), [], path)
            return content

        check("POST", "/api/ingest", "/api/ingest",
              {"type": "conversation.started", "timestamp": "2026-01-05T08:00:00Z", "data": STARTED})
        check("POST", "/api/ingest", "/api/ingest",
              {"type": "message.created", "timestamp": "2026-01-05T08:00:01Z", "data": message(1)})
        check("POST", "/api/sessions/upload", "/api/sessions/upload",
              {"conversation": {"id": "c2"}, "messages": [{"agent_type": "claude", "content": "hi"}]})
        share = json.loads(check("POST", "/api/sessions/{id}/share", "/api/sessions/c1/share", {"mode": "live"}))
        token = share["path"].removeprefix("/share/")
        for pattern in ("/api/sessions", "/api/sessions/{id}", "/api/sessions/{id}/messages", "/api/sessions/{id}/notes",
                        "/api/sessions/{id}/outline", "/api/sessions/{id}/export", "/api/sessions/{id}/shares",
                        "/api/sessions/facets", "/api/share/{token}", "/api/share/{token}/messages",
                        "/api/realtime/stats", "/api/diagnostics", "/api/diagnostics/events", "/api/agents/available",
                        "/metrics", "/plain/sessions", "/plain/sessions/{id}", "/api/health", "/healthz", "/readyz", "/api/session", "/api/openapi.json"):
            check("GET", pattern, pattern.replace("{id}", "c1").replace("{token}", token))
        check("GET", "/api/sessions/{id}/find", "/api/sessions/c1/find?q=message")
        check("GET", "/api/search", "/api/search?q=message")
        check("POST", "/api/search", "/api/search", {"query": "message"})
        for pattern in ("/api/metrics/timeseries", "/api/metrics/top", "/api/metrics/summary", "/api/messages/recent",
                        "/api/conversations", "/api/conversations/{id}", "/api/conversations/{id}/messages"):
            check("GET", pattern, pattern.replace("{id}", "c1"))
        line = json.dumps({"type": "message.created", "timestamp": "2026-01-05T08:00:02Z", "data": message(2)})
        check("POST", "/api/ingest/batch", "/api/ingest/batch", line + "\n",
              {"X-AgentPipe-Source": "s-1", "X-AgentPipe-First": "1", "Content-Type": "application/x-ndjson"})
        check("POST", "/v1/traces", "/v1/traces", {})
        check("POST", "/v1/logs", "/v1/logs", {})
        check("POST", "/api/realtime/ping", "/api/realtime/ping", {"nonce": "n"})
        check("DELETE", "/api/shares/{id}", "/api/shares/" + share["id"])
        check("PATCH", "/api/sessions/{id}", "/api/sessions/c2", {"name": "new"})
        check("DELETE", "/api/sessions/{id}", "/api/sessions/c2")
        error = faults(schemas["Error"], json.loads(server.request("GET", "/api/sessions/none")[2]), schemas)
        self.assertEqual(error, [])

    def test_every_operation_is_complete(self):
        document = self.start_server().get("/api/openapi.json")
        for pattern, operations in document["paths"].items():
            named = {part[1:-1] for part in pattern.split("/") if part.startswith("{")}
            for method, operation in operations.items():
                where = (method, pattern)
                self.assertNotEqual(operation["summary"], pattern, where)
                given = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
                self.assertEqual(given, named, where)
                self.assertIn("default", operation["responses"], where)
                self.assertIn(operation["x-needs"], ("open", "ingest", "upload", "read", "manage", "admin"), where)
                for response in operation["responses"].values():
                    for content in response["content"].values():
                        reference = content["schema"].get("$ref")
                        if reference:
                            self.assertIn(reference.rsplit("/", 1)[1], document["components"]["schemas"], where)
