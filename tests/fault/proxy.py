#!/usr/bin/env python3
"""An HTTP-aware proxy that breaks things between a bridge and its server, the same way for the same seed.

    proxy.py --listen PORT --server HOST:PORT [--seed N] [--rate 0.3] [--faults NAME,NAME…]

Each request meets a fault with probability `rate`; what they do is in FAULTS below. A line on standard output says what
each request met."""

import argparse
import collections
import random
import socket
import socketserver
import struct
import threading
import time

PORTAL = b"<!DOCTYPE html><html><title>Welcome to Hotel Wi-Fi</title><form>Room number: <input></form></html>"
PATIENCE = 30


class Broken(Exception):
    """The connection to the bridge is to end here."""


def answer(status, body=b"", kind=b"application/json", *headers):
    head = [b"HTTP/1.1 " + status, b"Content-Type: " + kind, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def drop_before(link):
    raise Broken


def drop_after(link):
    link.forward()
    raise Broken


def cut_answer(link):
    whole = link.forward()
    link.reply(whole[:link.random.randrange(1, len(whole))])
    raise Broken


def cut_request(link):
    link.forward(link.request[:link.random.randrange(1, len(link.request))], expects=False)
    raise Broken


def reset(link):
    if link.random.random() < 0.5:
        link.forward()
    link.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Broken


def delay(link):
    time.sleep(link.random.uniform(0, 0.2))
    link.reply(link.forward())


def duplicate(link):
    link.forward()
    link.reply(link.forward())


def late_duplicate(link):
    """The same request arrives once more when later ones may have been answered."""
    link.reply(link.forward())
    link.forward_later(link.random.uniform(0.01, 0.3))


def too_many(link):
    wait = link.random.choice((b"0", b"1", b"soon", b"-5"))
    link.reply(answer(b"429 Too Many Requests", b'{"error":"rate_limited"}', b"application/json", b"Retry-After: " + wait))


def server_error(link):
    link.reply(answer(b"500 Internal Server Error", b'{"error":"oops"}'))


def server_error_after(link):
    link.forward()
    link.reply(answer(b"502 Bad Gateway", b"<html>bad gateway</html>", b"text/html"))


def unavailable(link):
    link.reply(answer(b"503 Service Unavailable", b"", b"text/plain", b"Retry-After: 1"))


def portal(link):
    link.reply(answer(b"200 OK", PORTAL, b"text/html"))


def portal_after(link):
    link.forward()
    link.reply(answer(b"200 OK", PORTAL, b"text/html"))


def empty_success(link):
    link.reply(answer(b"200 OK", b"{}"))


def garbage(link):
    link.forward()
    link.reply(bytes(link.random.randrange(256) for _ in range(200)))
    raise Broken


FAULTS = {function.__name__: function for function in (
    drop_before, drop_after, cut_answer, cut_request, reset, delay, duplicate, late_duplicate, too_many, server_error,
    server_error_after, unavailable, portal, portal_after, empty_success, garbage)}


def read_message(file):
    """One HTTP/1.1 request or answer as it is on the wire; empty at the end of the connection."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = file.readline()
        if not line:
            return b""
        head += line
        if head.startswith(b"HTTP/1.1 100") and head.endswith(b"\r\n\r\n"):
            head = b""
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    body = file.read(length)
    return head + body if len(body) == length else b""


class Link:
    """What a fault gets: one request, and both sides of the line."""

    def __init__(self, proxy, client, request):
        self.proxy = proxy
        self.client = client
        self.request = request
        self.random = proxy.random

    def reply(self, data):
        self.client.sendall(data)

    def forward(self, data=None, expects=True):
        """The server's whole answer. No server: the bridge's connection ends."""
        try:
            with socket.create_connection(self.proxy.server, timeout=PATIENCE) as line:
                line.sendall(self.request if data is None else data)
                whole = read_message(line.makefile("rb")) if expects else b""
        except OSError:
            raise Broken from None
        if expects and not whole:
            raise Broken
        return whole

    def forward_later(self, seconds):
        def again():
            try:
                self.forward()
            except Broken:
                pass
        timer = threading.Timer(seconds, again)
        timer.daemon = True
        timer.start()


class Proxy:
    """Listens from the constructor on; `server` may be changed at any time, `rate` too."""

    def __init__(self, server, seed=1, rate=0.3, faults=tuple(FAULTS), port=0, tell=None):
        self.server = server
        self.rate = rate
        self.faults = [FAULTS[name] for name in faults]
        self.random = random.Random(f"proxy {seed}")
        self.met = collections.Counter()
        self.lock = threading.Lock()
        self.tell = tell
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                proxy.serve(self.request)

        class Listener(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 128

        self.listener = Listener(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.listener.server_address[1]}"
        self.thread = threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def choose(self):
        with self.lock:
            fault = self.random.choice(self.faults) if self.random.random() < self.rate else None
            self.met[fault.__name__ if fault else "none"] += 1
            return fault

    def serve(self, client):
        file = client.makefile("rb")
        try:
            while request := read_message(file):
                fault = self.choose()
                link = Link(self, client, request)
                if self.tell:
                    self.tell(f"{request.split(b' HTTP')[0].decode()}: {fault.__name__ if fault else 'passed on'}")
                fault(link) if fault else link.reply(link.forward())
        except (Broken, OSError):
            pass

    def faults_met(self):
        return sum(self.met.values()) - self.met["none"]

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listen", type=int, required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.3)
    parser.add_argument("--faults", default=",".join(FAULTS), help="%(default)s")
    options = parser.parse_args()
    host, port = options.server.rsplit(":", 1)
    proxy = Proxy((host, int(port)), options.seed, options.rate, options.faults.split(","), options.listen,
                  lambda line: print(line, flush=True))
    proxy.thread.join()


if __name__ == "__main__":
    main()
