"""Many subscribers of live streams in one process, some of which never read."""

import re
import selectors
import socket

LINE = re.compile(rb"(?:^|\n)id: ([^\n]+)\ndata: \{\"type\":\"(?!connection\.established)")
PLACE = re.compile(rb"(?:^|\n)id: ([^\n]+)\n")


def number(place):
    return int(place.rpartition(b"-")[2])


class Subscriber:
    """Keeps the ids of the events it got; greetings are none."""

    def __init__(self, address, path, key, window=None):
        self.address, self.path, self.key, self.window = address, path, key, window
        self.ids = []
        self.start = self.place = None  # where it began; the last id it saw
        self.connect()

    def connect(self):
        """From its last id on, when it has one."""
        self.socket = socket.socket()
        if self.window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.window)
        host, port = self.address.split(":")
        self.socket.connect((host, int(port)))
        resume = f"Last-Event-ID: {self.place.decode()}\r\n" if self.place else ""
        self.socket.sendall(f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.key}\r\n{resume}\r\n".encode())
        self.rest = b""
        self.greeted = False
        self.closed = False

    def read(self):
        try:
            data = self.socket.recv(1 << 18)
        except ConnectionResetError:
            data = b""
        if not data:
            self.closed = True
            return
        self.rest += data
        end = self.rest.rfind(b"\n\n")
        if end < 0:
            return
        whole, self.rest = self.rest[:end + 1], self.rest[end + 1:]
        self.greeted = self.greeted or b"connection.established" in whole
        places = PLACE.findall(whole)
        if places:
            self.start = self.start or places[0]
            self.place = places[-1]
        self.ids += LINE.findall(whole)

    def wanted(self, ids):
        """Of these ids, the ones that came after it began."""
        return [each for each in ids if number(each) > number(self.start)]


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

    def read_until(self, condition, is_late):
        """Reads on until the condition holds; False: it was too late for that."""
        while not condition():
            if is_late():
                return False
            self.read(0.1)
        return True

    def come_back(self):
        """All whose stream has ended open it again, where they were."""
        for reader in self.readers:
            reader.socket.close()
            reader.connect()
            self.selector.register(reader.socket, selectors.EVENT_READ, reader)

    def close(self):
        self.selector.close()
        for subscriber in self.readers + self.deaf:
            subscriber.socket.close()
