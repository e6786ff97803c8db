"""The operators' addresses, which Asterisk looks up once only: after a night without fibre it knows none.

It refuses the calls of an operator whose name it could not look up when it started, and for ever those of one
that moved. So the names are looked up from here, and its file read again when the answer changes.
"""

import asyncio
import ipaddress
import os
import re
import socket
from pathlib import Path

LOOK_UP_S = 5.0

Addresses = frozenset[tuple[str, str]]
"""(name, address)."""


def names(folder: Path) -> tuple[str, ...]:
    """What `identify` sections match by name. Raises OSError."""
    text = (folder / "etc" / "pjsip.conf").read_text(encoding="utf8")
    matches = re.findall(r"^match = (\S+)$", text, re.MULTILINE)
    return tuple(match for match in matches if not _is_address(match))


async def look_up(wanted: tuple[str, ...]) -> Addresses:
    """Whatever could be looked up in time."""
    loop = asyncio.get_running_loop()
    found: set[tuple[str, str]] = set()
    for name in wanted:
        try:
            answers = await asyncio.wait_for(loop.getaddrinfo(name, None, type=socket.SOCK_DGRAM), LOOK_UP_S)
        except (OSError, TimeoutError, UnicodeError):
            continue
        found |= {(name, str(address[0])) for *_, address in answers}
    return frozenset(found)


def touch(folder: Path) -> None:
    """So that Asterisk reads the file again. Raises OSError."""
    os.utime(folder / "etc" / "pjsip.conf")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
