"""Many subscribers of live streams in one process, some of which never read."""

import re
import selectors
import socket

LINE = re.compile(rb"(?:^|\n)id: ([^\n]+)\ndata: \{\"type\":\"(?!connection\.established)")


class Subscriber:
    """Keeps the ids of the events it got; greetings are none."""

    def __init__(self, address, path, key, window=None):
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        host, port = address.split(":")
        self.socket.connect((host, int(port)))
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
        self.ids = []
        self.rest = b""
        self.greeted = False
        self.closed = False

    def read(self):
        data = self.socket.recv(1 << 18)
        if not data:
            self.closed = True
            return
        self.rest += data
        end = self.rest.rfind(b"\n\n")
        if end < 0:
            return
        whole, self.rest = self.rest[:end + 1], self.rest[end + 1:]
        self.greeted = self.greeted or b"connection.established" in whole
        self.ids += LINE.findall(whole)


class Crowd:
    """`paths`: one a subscriber that reads; `deaf`: how many more do not."""

    def __init__(self, address, key, paths, deaf):
        self.readers = [Subscriber(address, path, key) for path in paths]
        self.deaf = [Subscriber(address, paths[0], key, window=4096) for _ in range(deaf)]
        self.selector = selectors.DefaultSelector()
        for reader in self.readers:
            self.selector.register(reader.socket, selectors.EVENT_READ, reader)

    def read(self, timeout):
        for key, _ in self.selector.select(timeout):
            key.data.read()
            if key.data.closed:
                self.selector.unregister(key.fileobj)

    def close(self):
        self.selector.close()
        for subscriber in self.readers + self.deaf:
            subscriber.socket.close()
