import json
import time

from harness import PATIENCE, Case
from ingest_test import STARTED, message


class Page:
    """What a browser sends from a page of the server itself."""

    def __init__(self, server):
        self.server = server

    def request(self, method, path, body=None, origin=None):
        headers = {"Sec-Fetch-Site": "same-origin"}
        if method != "GET":
            headers["Origin"] = origin or self.server.url
        return self.server.request(method, path, body, headers, key=False)


class Rights(Case):
    def test_a_page_on_loopback_may_read_upload_and_share_but_not_ingest_or_touch_keys(self):
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        page = Page(server)
        status, _, body = page.request("GET", "/api/session")
        self.assertEqual((status, json.loads(body)),
                         (200, {"authenticated": False, "signInNeeded": False, "scopes": ["ingest", "read", "admin"]}))
        self.assertEqual(page.request("POST", "/api/sessions/c1/share", {})[0], 201)
        self.assertEqual(page.request("POST", "/api/ingest", {})[0], 401)
        self.assertEqual(page.request("GET", "/api/keys")[0], 401)
        self.assertEqual(page.request("POST", "/api/sessions/c1/share", {}, origin="http://evil.example")[0], 403)

    def test_a_program_without_a_key_on_loopback_may_only_read(self):
        server = self.start_server()
        status, _, body = server.request("GET", "/api/session", key=False)
        self.assertEqual(json.loads(body)["scopes"], ["read"])
        self.assertEqual(server.request("POST", "/api/sessions/c1/share", {}, key=False)[0], 401)

    def test_s8_with_auth_nothing_is_shown_without_a_key(self):
        server = self.start_server("--auth", "on")
        page = Page(server)
        body = json.loads(page.request("GET", "/api/session")[2])
        self.assertEqual(body, {"authenticated": False, "signInNeeded": True, "scopes": []})
        self.assertEqual(page.request("GET", "/api/sessions")[0], 401)
        self.assertEqual(page.request("GET", "/api/sessions/c1/shares")[0], 401)

    def test_behind_a_proxy_with_tls_the_cookie_is_for_tls_alone(self):
        server = self.start_server("--auth", "on", "--public-url", "https://logs.example.org")
        reader = self.run_bridge("web", "keys", "create", "--name", "r", "--scope", "read", "--database", server.database_url)
        asked = {"Host": "logs.example.org", "Origin": "https://logs.example.org"}
        while (answer := server.request("POST", "/api/signin", {"api_key": reader.out.strip()}, asked, key=False))[0] == 401:
            pass  # a running server learns of a key within a second
        self.assertEqual(answer[0], 200)
        cookie = answer[1]["Set-Cookie"]
        self.assertTrue(cookie.startswith("__Host-agentpipe=") and cookie.endswith("; Secure"), cookie)
        asked["Cookie"] = cookie.split(";")[0]
        self.assertEqual(server.request("GET", "/api/sessions", headers=asked, key=False)[0], 200)


class Keys(Case):
    def admin_key(self, server):
        done = self.run_bridge("web", "keys", "create", "--name", "desk", "--scope", "admin", "--database",
                               server.database_url)
        self.assertEqual(done.code, 0, done.err)
        key = done.out.strip()
        headers = {"Authorization": "Bearer " + key}
        end = time.monotonic() + PATIENCE  # a running server knows it within a second
        while server.request("GET", "/api/keys", headers=headers)[0] != 200 and time.monotonic() < end:
            pass
        return key

    def test_an_admin_makes_lists_and_revokes_keys_and_open_streams_end_with_theirs(self):
        server = self.start_server("--auth", "on")
        server.key = self.admin_key(server)
        status, made = server.post("/api/keys", {"name": "sofa", "scopes": ["read"], "expiresAt": "2199-01-01T00:00:00Z"})
        self.assertEqual(status, 201)
        self.assertRegex(made["key"], r"^ap_live_[A-Za-z0-9_-]{32}$")
        self.assertEqual((made["name"], made["scopes"], made["expiresAt"], made["lastUsedAt"], made["revokedAt"]),
                         ("sofa", ["read"], "2199-01-01T00:00:00.000Z", None, None))
        reader = {"Authorization": "Bearer " + made["key"]}
        self.assertEqual(server.request("GET", "/api/sessions", headers=reader)[0], 200)
        self.assertEqual(server.request("GET", "/api/keys", headers=reader)[0], 403)
        stream = server.stream("/api/realtime/stream", reader)
        stream.next()
        listed = {key["name"]: key for key in server.get("/api/keys")["keys"]}
        self.assertEqual(set(listed), {"desk", "sofa", "environment"})
        self.assertNotIn("key", listed["sofa"])
        self.assertIsNotNone(listed["sofa"]["lastUsedAt"])
        status, _, body = server.request("DELETE", "/api/keys/" + made["id"])
        self.assertEqual((status, json.loads(body)), (200, {"revoked": made["id"]}))
        self.assertEqual(server.request("GET", "/api/sessions", headers=reader)[0], 401)
        with self.assertRaises(EOFError):
            while True:
                stream.next_frame()

    def test_a_bad_wish_for_a_key_is_named(self):
        server = self.start_server()
        server.key = self.admin_key(server)
        for body, field in (({"scopes": ["read"]}, "name"), ({"name": "n", "scopes": ["all"]}, "scopes"),
                            ({"name": "n"}, "scopes"), ({"name": "n" * 201, "scopes": ["read"]}, "name"),
                            ({"name": "n", "scopes": ["read"], "expiresAt": "2001-01-01T00:00:00Z"}, "expiresAt")):
            status, answer = server.post("/api/keys", body)
            self.assertEqual((status, answer["field"]), (400, field), answer)
        self.assertEqual(server.request("DELETE", "/api/keys/k_none")[0], 404)
        self.assertEqual(server.request("DELETE", "/api/keys/environment")[0], 400)

    def test_an_expired_key_is_refused_and_the_list_says_so(self):
        server = self.start_server()
        done = self.run_bridge("web", "keys", "create", "--name", "guest", "--expires", "yesterday", "--database",
                               server.database_url)
        self.assertEqual((done.code, done.out), (2, ""))
        done = self.run_bridge("web", "keys", "create", "--name", "guest", "--expires", "90d", "--database",
                               server.database_url)
        self.assertEqual(done.code, 0, done.err)
        listed = self.run_bridge("web", "keys", "list", "--database", server.database_url)
        self.assertRegex(listed.out, r"guest")
        self.assertRegex(listed.out, r"never used  live until \d{4}-")


class Shares(Case):
    def shared(self, server, **wish):
        server.ingest("conversation.started", {**STARTED, "cwd": "/home/ada/secret"})
        server.ingest("message.created", message(1))
        status, _, body = Page(server).request("POST", "/api/sessions/c1/share", wish)
        self.assertEqual(status, 201, body)
        return json.loads(body)

    def look(self, server, path):
        status, _, body = server.request("GET", path, key=False)
        return status, json.loads(body)

    def test_a_live_share_shows_one_session_to_whoever_has_the_link_until_it_is_revoked(self):
        server = self.start_server("--auth", "off")
        share = self.shared(server, mode="live", expiresIn=3600)
        self.assertEqual(share["url"], server.url + share["path"])
        token = share["path"].removeprefix("/share/")
        self.assertRegex(token, r"^[A-Za-z0-9_-]{32}$")
        status, session = self.look(server, f"/api/share/{token}")
        self.assertEqual((status, session["id"], session["share"]["mode"], session["cwd"]), (200, "c1", "live", None))
        server.ingest("message.created", message(2))
        _, page = self.look(server, f"/api/share/{token}/messages")
        self.assertEqual([m["content"] for m in page["messages"]], ["message 1", "message 2"])
        stream = server.stream(f"/api/share/{token}/stream", {"Authorization": ""})
        stream.next()
        server.ingest("conversation.started", {**STARTED, "conversation_id": "c2"})
        server.ingest("message.created", message(3))
        self.assertEqual(stream.next()[1]["data"]["content"], "message 3")
        status, _, body = Page(server).request("GET", "/api/sessions/c1/shares")
        self.assertNotIn(token, body.decode())
        self.assertEqual([s["id"] for s in json.loads(body)["shares"]], [share["id"]])
        self.assertEqual(Page(server).request("DELETE", "/api/shares/" + share["id"])[0], 200)
        status, ended = self.look(server, f"/api/share/{token}")
        self.assertEqual((status, ended["code"]), (410, "share_ended"))
        with self.assertRaises(EOFError):
            while True:
                stream.next_frame()
        server.stop()
        server.start()
        self.assertEqual(self.look(server, f"/api/share/{token}/messages")[0], 410)

    def test_a_frozen_share_shows_what_was_there(self):
        server = self.start_server()
        token = self.shared(server, mode="frozen")["path"].removeprefix("/share/")
        server.ingest("message.created", message(2))
        _, session = self.look(server, f"/api/share/{token}")
        self.assertEqual((session["totalMessages"], session["share"]), (1, {"mode": "frozen", "expiresAt": None}))
        _, page = self.look(server, f"/api/share/{token}/messages")
        self.assertEqual([m["content"] for m in page["messages"]], ["message 1"])
        status, answer = self.look(server, f"/api/share/{token}/stream")
        self.assertEqual((status, answer["code"]), (404, "share_frozen"))

    def test_a_made_up_token_and_a_bad_wish_are_refused(self):
        server = self.start_server()
        self.shared(server)
        self.assertEqual(self.look(server, "/api/share/" + "A" * 32)[0], 404)
        for wish, field in (({"mode": "open"}, "mode"), ({"expiresIn": 0}, "expiresIn"), ({"expiresIn": "x"}, "expiresIn")):
            status, _, body = Page(server).request("POST", "/api/sessions/c1/share", wish)
            self.assertEqual((status, json.loads(body)["field"]), (400, field))
        self.assertEqual(Page(server).request("POST", "/api/sessions/none/share", {})[0], 404)
