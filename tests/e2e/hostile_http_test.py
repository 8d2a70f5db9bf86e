"""Bytes that a proxy and we might read differently, and bytes that cost us more than their sender."""

import re
import resource
import socket

from harness import PATIENCE, Case

LINES = b"Host: localhost\r\n"


class Framing(Case):
    def status(self, server, data):
        try:
            return server.raw(data)[0]
        except (ConnectionError, OSError):
            return 0

    def test_what_is_ambiguous_is_refused(self):
        server = self.start_server()
        post = b"POST /api/signin HTTP/1.1\r\n" + LINES
        cases = {
            "length and chunks": post + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "two lengths": post + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            "a negative length": post + b"Content-Length: -1\r\n\r\n",
            "a signed length": post + b"Content-Length: +3\r\n\r\nabc",
            "a hexadecimal length": post + b"Content-Length: 0x3\r\n\r\nabc",
            "a length beyond 64 bits": post + b"Content-Length: 99999999999999999999\r\n\r\n",
            "an unknown coding": post + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "a coding with a tail": post + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "a bare line feed": b"GET /api/health HTTP/1.1\nHost: localhost\n\n",
            "one bare line feed": b"GET /api/health HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
            "a folded line": b"GET /api/health HTTP/1.1\r\n" + LINES + b"X: a\r\n b\r\n\r\n",
            "a space before the colon": b"GET /api/health HTTP/1.1\r\n" + LINES + b"X : a\r\n\r\n",
            "a NUL in a header": b"GET /api/health HTTP/1.1\r\n" + LINES + b"X: a\x00b\r\n\r\n",
            "no name": b"GET /api/health HTTP/1.1\r\n" + LINES + b": a\r\n\r\n",
            "another protocol": b"GET /api/health HTTP/3.0\r\n" + LINES + b"\r\n",
            "no target": b"GET  HTTP/1.1\r\n" + LINES + b"\r\n",
            "a tunnel": b"CONNECT localhost:22 HTTP/1.1\r\n" + LINES + b"\r\n",
            "a chunk that is no number": post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
            "a chunk beyond 64 bits": post + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
            "a chunk without its end": post + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        }
        for name, data in cases.items():
            self.assertIn(self.status(server, data), (0, 400, 404, 405, 413), name)
        self.assertEqual(server.get("/api/health")["service"], "agentpipe-web")

    def test_limits_hold_on_both_sides(self):
        server = self.start_server()

        def get(target="/api/health", header=b""):
            return self.status(server, b"GET " + target.encode() + b" HTTP/1.1\r\n" + LINES + header + b"\r\n")

        self.assertEqual(get("/api/health?q=" + "a" * 8000), 200)
        self.assertEqual(get("/api/health?q=" + "a" * 8300), 414)
        self.assertEqual(get(header=b"X: " + b"a" * 8000 + b"\r\n"), 200)
        self.assertEqual(get(header=b"X: " + b"a" * 8300 + b"\r\n"), 431)
        self.assertEqual(get(header=b"".join(b"X%d: %s\r\n" % (n, b"a" * 4000) for n in range(7))), 200)
        self.assertEqual(get(header=b"".join(b"X%d: %s\r\n" % (n, b"a" * 4000) for n in range(9))), 431)
        self.assertEqual(get("/api/health?" + "&".join(f"a{n}" for n in range(100))), 200)
        self.assertEqual(get("/api/health?" + "&".join(f"a{n}" for n in range(101))), 400)

    def test_pipelined_requests_are_answered_in_order(self):
        server = self.start_server()
        one = b"GET /healthz HTTP/1.1\r\n" + LINES + b"\r\n"
        other = b"GET /api/none HTTP/1.1\r\n" + LINES + b"\r\n"
        last = b"GET /healthz HTTP/1.1\r\n" + LINES + b"Connection: close\r\n\r\n"
        host, port = server.address.split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
            connection.sendall(one + other + one + last)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        self.assertEqual(re.findall(rb"HTTP/1\.1 (\d+)", answer), [b"200", b"404", b"200", b"200"])

    def test_chunk_extensions_cost_no_memory(self):
        server = self.start_server()

        def resident():
            with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * resource.getpagesize()

        host, port = server.address.split(":")
        before = resident()
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
            connection.sendall(b"POST /api/ingest HTTP/1.1\r\n" + LINES + f"Authorization: Bearer {server.key}\r\n".encode()
                               + b"Transfer-Encoding: chunked\r\n\r\n1;x=")
            try:
                for _ in range(256):
                    connection.sendall(b"a" * 65536)
            except OSError:
                pass  # refused in the middle, as it should be
        self.assertLess(resident() - before, 8 << 20)
