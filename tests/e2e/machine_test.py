"""Life on a machine: signals, the service manager, credentials, certificates."""

import http.client
import json
import signal
import socket
import ssl
import subprocess
import time

from harness import BINARY, KEY, PATIENCE, Case


def certificate(folder, name):
    """A self-signed certificate for localhost: the paths of it and its key."""
    cert, key = folder / f"{name}.crt", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key),
                    "-out", str(cert)], check=True, capture_output=True)
    return cert, key


def answered(connection):
    """The first bytes that come back; none when the other end has cut the connection."""
    try:
        return connection.recv(100)
    except ConnectionResetError:
        return b""


class ServiceManager(Case):
    def test_it_hears_of_the_start_the_watchdog_and_the_stop(self):
        ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(ears.close)
        ears.bind(str(self.home / "notify"))
        ears.settimeout(PATIENCE)
        self.environment.update(NOTIFY_SOCKET=str(self.home / "notify"), WATCHDOG_USEC="300000")
        server = self.start_server()
        heard = [ears.recv(200) for _ in range(3)]
        self.assertEqual(heard, [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"])
        self.assertEqual(server.stop(), 0)
        while (state := ears.recv(200)) != b"STOPPING=1":
            self.assertEqual(state, b"WATCHDOG=1")

    def test_its_socket_is_used_and_must_not_reach_further_than_reading_is_open(self):
        def start(address, *more):
            v6 = address == "::"
            listener = socket.create_server((address, 0), family=socket.AF_INET6 if v6 else socket.AF_INET, dualstack_ipv6=v6)
            self.addCleanup(listener.close)
            process = subprocess.Popen(
                ["bash", "-c", f'LISTEN_PID=$$ exec "$@" 3<&{listener.fileno()}', "bash", BINARY, "web", "serve",
                 "--database", f"sqlite:{self.home}/web.db", *more],
                env={**self.environment, "LISTEN_FDS": "1"}, stderr=subprocess.PIPE, pass_fds=[listener.fileno()])
            self.addCleanup(process.stderr.close)
            self.addCleanup(process.kill)
            return process, listener.getsockname()[1]

        process, port = start("127.0.0.1")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request("GET", "/healthz")
        self.assertEqual(connection.getresponse().status, 200)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0)
        process, port = start("::", "--auth", "on")
        connection = http.client.HTTPConnection("127.0.0.2", port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request("GET", "/healthz")
        self.assertEqual(connection.getresponse().status, 200)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0)
        process, _ = start("0.0.0.0")
        self.assertEqual(process.wait(PATIENCE), 78)
        self.assertIn(b"reading needs a login; set auth to on", process.stderr.read())

    def test_its_credentials_are_the_key(self):
        folder = self.home / "credentials"
        folder.mkdir()
        (folder / "api_key").write_text(KEY + "\n")
        self.environment["CREDENTIALS_DIRECTORY"] = str(folder)
        server = self.start_server(key=None)
        status, _, _ = server.request("POST", "/api/ingest", {"type": "bridge.test", "data": {}},
                                      {"Authorization": f"Bearer {KEY}"})
        self.assertEqual(status, 200)
        self.assertFalse(any("shown only now" in line or KEY in line for line in server.lines), server.lines)


class Stopping(Case):
    def test_a_draining_server_says_so_finishes_what_it_began_and_takes_nothing_new(self):
        server = self.start_server()
        host, port = server.address.split(":")
        body = json.dumps({"type": "bridge.test", "data": {}}).encode()
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as begun:
            head = f"POST /api/ingest HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
            begun.sendall(head.encode() + body[:10])
            server.get("/api/health")  # answered behind the half request: that one has been read
            server.process.send_signal(signal.SIGTERM)
            while (answer := server.request("GET", "/readyz"))[0] == 200:
                pass  # until the signal has come through
            self.assertEqual(answer[0], 503)
            self.assertEqual(answer[1]["Connection"], "close")
            status, headers, content = server.request("POST", "/api/ingest", {"type": "bridge.test", "data": {}})
            self.assertEqual((status, json.loads(content)["code"]), (503, "shutting_down"))
            self.assertEqual(headers["Retry-After"], "2")
            while server.request("GET", "/healthz")[1]["Connection"] != "close":
                pass  # until the connections know of it, too
            begun.sendall(body[10:])
            done = http.client.HTTPResponse(begun)
            done.begin()
            self.assertEqual((done.status, done.headers["Connection"]), (200, "close"))
        self.assertEqual(server.process.wait(PATIENCE), 0)

    def test_a_hangup_reloads_and_does_not_stop(self):
        server = self.start_server()
        stream = server.stream("/api/realtime/stream")
        stream.next()
        server.process.send_signal(signal.SIGHUP)
        server.ingest("log.entry", {"conversation_id": "c1", "level": "system", "content": "still here"})
        self.assertEqual(stream.next()[1]["data"]["content"], "still here")
        self.assertEqual(server.stop(), 0)


class Tls(Case):
    def start(self):
        self.cert, self.key_file = certificate(self.home, "one")
        return self.start_server("--tls-cert", self.cert, "--tls-key", self.key_file)

    def connect(self, server, context=None):
        if context is None:
            context = ssl.create_default_context(cafile=str(self.cert))
        host, port = server.address.split(":")
        connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=PATIENCE)
        self.addCleanup(connection.close)
        return connection

    def test_everything_works_over_tls_large_bodies_and_streams_too(self):
        server = self.start()
        self.assertTrue(server.url.startswith("https://"), server.url)
        connection = self.connect(server)
        headers = {"Authorization": f"Bearer {KEY}"}
        content = "x" * 800_000
        event = {"type": "message.created", "data": {"conversation_id": "c1", "message_id": "m-1", "agent_type": "claude",
                                                     "content": content}}
        watcher = self.connect(server)
        watcher.request("GET", "/api/realtime/stream", headers=headers)
        stream = watcher.getresponse()
        self.addCleanup(stream.close)
        stream.readline()
        connection.request("POST", "/api/ingest", json.dumps(event), headers)
        answer = connection.getresponse()
        self.assertEqual((answer.status, json.loads(answer.read())["success"]), (201, True))
        connection.request("GET", "/api/sessions/c1/messages", headers=headers)
        self.assertEqual(json.loads(connection.getresponse().read())["messages"][0]["content"], content)
        while b"message.created" not in (line := stream.readline()):
            self.assertNotEqual(line, b"")
        self.assertEqual(len(json.loads(line[len("data: "):])["data"]["content"]), 800_000)
        (self.home / "key").write_text(KEY)
        (self.home / "key").chmod(0o600)
        client = self.run_bridge("test", "--url", server.url, "--api-key-file", self.home / "key", "--ca-file", self.cert)
        self.assertEqual(client.code, 0, client.err + client.out)

    def test_a_new_certificate_is_taken_on_hangup_and_open_connections_go_on(self):
        server = self.start()
        host, port = server.address.split(":")
        before = ssl.get_server_certificate((host, int(port)))
        old = self.connect(server)
        old.request("GET", "/healthz")
        old.getresponse().read()
        cert, key = certificate(self.home, "two")
        self.cert.write_bytes(cert.read_bytes())
        self.key_file.write_bytes(key.read_bytes())
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while ssl.get_server_certificate((host, int(port))) == before:
            self.assertLess(time.monotonic(), deadline)
        old.request("GET", "/healthz")
        self.assertEqual(old.getresponse().status, 200)

    def test_who_speaks_plainly_or_an_old_version_is_turned_away(self):
        server = self.start()
        host, port = server.address.split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertFalse(answered(plain).startswith(b"HTTP"))
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.load_verify_locations(str(self.cert))
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises(OSError):
            self.connect(server, old).request("GET", "/healthz")
        connection = self.connect(server)
        connection.request("GET", "/healthz")
        self.assertEqual(connection.getresponse().status, 200)

    def test_files_that_do_not_belong_together_stop_the_start_with_a_sentence(self):
        one, two = certificate(self.home, "one"), certificate(self.home, "two")
        done = self.run_bridge("web", "serve", "--listen", "127.0.0.1:0", "--tls-cert", one[0], "--tls-key", two[1])
        self.assertEqual(done.code, 78)
        self.assertIn(f"Cannot use the private key {two[1]}", done.err)
        done = self.run_bridge("web", "serve", "--listen", "127.0.0.1:0", "--tls-cert", one[0])
        self.assertEqual(done.code, 78)
        self.assertIn("tls_cert and tls_key belong together", done.err)
