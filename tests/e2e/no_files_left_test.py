"""A server that may open no more files. Sanitizers open some to look at memory, so this is for builds without them."""

import mmap
import os
import resource
import socket
import unittest

from harness import BINARY, PATIENCE, Case


def is_sanitized():
    with open(BINARY, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as code:
        return code.find(b"__ubsan_handle") >= 0


class NoFilesLeft(Case):
    def setUp(self):
        super().setUp()
        if is_sanitized():
            raise unittest.SkipTest("run with a build without sanitizers")

    def test_the_server_waits_for_one(self):
        server = self.start_server()
        host, port = server.address.split(":")
        process = server.process.pid
        limits = resource.prlimit(process, resource.RLIMIT_NOFILE)
        resource.prlimit(process, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{process}/fd")) + 1, limits[1]))
        for _ in range(3):
            self.addCleanup(socket.create_connection((host, int(port)), timeout=PATIENCE).close)

        def complaints():
            return sum("a connection was not accepted" in line for line in list(server.lines))

        while complaints() < 2:
            self.assertIsNone(server.process.poll(), server.lines)
        self.assertLess(complaints(), 5)
        resource.prlimit(process, resource.RLIMIT_NOFILE, limits)
        self.assertEqual(server.request("GET", "/healthz")[0], 200)
