"""A real redis-server of a test's own, on a free port; killed, frozen and started again at will."""

import os
import signal
import socket
import subprocess
import time
from contextlib import closing

from tests.ports import free_ports

PASSWORD = "mot-de-passe-du-test"


class RedisServer:
    def __init__(self, folder):
        self.folder, self.process = folder, None
        (self.port,) = free_ports(1)

    @property
    def url(self):
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self):
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", PASSWORD]
        words += ["--save", "", "--dir", str(self.folder), "--logfile", str(self.folder / "redis.log")]
        self.process = subprocess.Popen(["redis-server", *words])
        for _ in range(200):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            assert self.process.poll() is None, (self.folder / "redis.log").read_text()
            time.sleep(0.02)
        raise AssertionError("redis-server does not listen")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def freeze(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self):
        os.kill(self.process.pid, signal.SIGCONT)
