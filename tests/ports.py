"""Ports for the servers and telephones of a test, below those the kernel gives to outgoing connections.

A port that was asked of the kernel (`bind` to 0) is free only until the next connection of whatever else runs
here takes it; and a telephone wants the port after its own too, for TLS, which is just the kind of port that
connections are given (net.ipv4.ip_local_port_range: 32768-60999). A port is used only seconds after it was
found free: the workers of one run therefore have ports of their own.
"""

import os
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack

SINGLE = range(8100, 14000, 2)
"""The one after each is left alone: baresip listens for TLS there."""
RANGES = range(14000, 32400, 200)


def _shuffled(ports: range) -> Iterator[int]:
    """This worker's share, for ever, none twice soon."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    share = ports[worker :: int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))]
    order = random.sample(share, len(share))
    while True:
        yield from order


_single, _ranges = _shuffled(SINGLE), _shuffled(RANGES)


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """Free for TCP and UDP, and the one after each too; all different."""
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    free = (port for port in _single if all(_is_free(range(port, port + 2), host, kind) for kind in kinds))
    return [next(free) for _ in range(count)]


def free_range(count: int, host: str = "127.0.0.1") -> int:
    """First of so many UDP ports in a row, at most 200; even, as RTP likes it."""
    return next(first for first in _ranges if _is_free(range(first, first + count), host, socket.SOCK_DGRAM))


def _is_free(ports: range, host: str, kind: socket.SocketKind) -> bool:
    with ExitStack() as held:
        for port in ports:
            try:
                held.enter_context(socket.socket(type=kind)).bind((host, port))
            except OSError:
                return False
    return True
