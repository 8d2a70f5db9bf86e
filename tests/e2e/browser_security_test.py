"""What other sites' pages may not do to a server on this machine: DNS rebinding and cross-site requests."""

import json

from harness import KEY, Case
from ingest_test import STARTED

REFUSED_HOSTS = ["evil.example", "evil.example:3000", "localhost.evil.example", "127.0.0.1.evil.example", "evil.localhost.",
                 "127.0.0.2", "10.0.0.1", "[::2]", "0x7f000001", "2130706433", "127.1", "localhost@evil.example",
                 "evil.example#localhost", "localhos", "localhost2", "xn--localhost-", "[::ffff:127.0.0.1]", "0.0.0.0", "",
                 "evil.example, localhost"]
OWN_HOSTS = ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]", "localhost."]


class Rebinding(Case):
    def test_a_name_that_is_not_ours_is_misdirected_and_ours_is_answered(self):
        server = self.start_server()
        for host in REFUSED_HOSTS:
            status, headers, body = server.raw(f"GET /api/sessions HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            self.assertIn(status, (400, 421), host)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertNotIn(b"sessions", body)
        for host in OWN_HOSTS:
            self.assertEqual(server.raw(f"GET /api/sessions HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())[0], 200, host)

    def test_two_hosts_or_none_are_a_bad_request(self):
        server = self.start_server()
        for lines in ("Host: localhost\r\nHost: evil.example\r\n", ""):
            self.assertIn(server.raw(f"GET /api/sessions HTTP/1.1\r\n{lines}\r\n".encode())[0], (400, 421), lines)


class CrossSite(Case):
    def test_a_page_of_another_site_changes_nothing(self):
        server = self.start_server()
        server.ingest("conversation.started", STARTED)
        foreign = [{"Origin": origin} for origin in (
            "http://evil.example", "https://evil.example", "null", "http://localhost.evil.example", "file://",
            "http://evil.example:3000", server.url.replace("http", "https"), server.url + ".evil.example",
            server.url.replace("127.0.0.1", "127.0.0.2"), "http://127.0.0.1:1")]
        foreign += [{"Sec-Fetch-Site": site} for site in ("cross-site", "same-site", "SAME-ORIGIN", "")]
        foreign += [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {},
                    {"Sec-Fetch-Site": "cross-site", "Origin": server.url},
                    {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
                    {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"}]
        self.assertGreaterEqual(len(foreign), 20)
        for headers in foreign:
            for method, path in (("DELETE", "/api/sessions/c1"), ("POST", "/api/sessions/c1/share"),
                                 ("POST", "/api/upload?name=x")):
                status, _, body = server.request(method, path, b"{}", dict(headers), key=False)
                self.assertIn(status, (401, 403), (headers, method, path, body))
                self.assertNotIn("Access-Control-Allow-Origin", _)
        self.assertEqual(server.get("/api/sessions/c1")["id"], "c1")

    def test_a_cookie_alone_is_not_enough_for_a_foreign_page(self):
        server = self.start_server("--auth", "on")
        status, headers, _ = server.request("POST", "/api/signin", json.dumps({"api_key": KEY}), key=False)
        self.assertEqual(status, 200)
        cookie = headers["Set-Cookie"].split(";")[0]
        self.assertIn("SameSite=Strict", headers["Set-Cookie"])
        self.assertIn("HttpOnly", headers["Set-Cookie"])
        self.assertEqual(server.request("GET", "/api/sessions", headers={"Cookie": cookie}, key=False)[0], 200)
        for more in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(server.request("POST", "/api/signout", b"{}", {"Cookie": cookie, **more}, key=False)[0], 403)


class Headers(Case):
    def test_every_answer_carries_what_protects_it(self):
        server = self.start_server()
        for path in ("/api/sessions", "/api/none", "/api/health", "/metrics", "/", "/sessions/c1", "/healthz",
                     "/api/sessions/none/export", "/share/" + "A" * 32):
            _, headers, _ = server.request("GET", path)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff", path)
            self.assertEqual(headers["Referrer-Policy"], "no-referrer", path)
            self.assertEqual(headers["Cross-Origin-Opener-Policy"], "same-origin", path)
            self.assertEqual(headers["Cross-Origin-Resource-Policy"], "same-origin", path)
            policy = headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy, path)
            self.assertIn("frame-ancestors 'none'", policy, path)
            self.assertNotIn("unsafe", policy, path)
            self.assertNotIn("Server", headers)
            self.assertIn("X-Request-Id", headers)
