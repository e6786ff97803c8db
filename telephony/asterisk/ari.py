"""Who is on the line, as Asterisk sees it: its REST interface (ARI), read only.

Variables come with the channels through `channelvars` of `ari.conf`.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from voicebot.errors import Unavailable

ANSWER_S = 2.0


@dataclass(frozen=True)
class AriAddress:
    """Where Asterisk's REST interface listens (`http://127.0.0.1:8088/ari`), and who we are there."""

    url: str
    user: str
    password: str


@dataclass(frozen=True)
class OnAir:
    """One caller whom Asterisk holds."""

    call: str
    """Its CALL_ID: the caller's unique id."""
    state: str
    """Where the dialplan has them: "agent", "ringing", "briefing", "human", "rescue", "voicemail"."""
    practice: str = ""
    dialled: str = ""
    outcome: str = ""


async def on_air(address: AriAddress) -> tuple[OnAir, ...]:
    """Every call alive. Raises Unavailable when Asterisk cannot be asked, or answers nonsense."""
    login = {"Authorization": aiohttp.encode_basic_auth(address.user, address.password)}
    try:
        async with (
            asyncio.timeout(ANSWER_S),
            aiohttp.ClientSession(headers=login) as http,
            http.get(f"{address.url}/channels") as response,
        ):
            if response.status != 200:
                raise Unavailable(f"Asterisk's channels: HTTP {response.status}")
            channels = await response.json(content_type=None)
    except (TimeoutError, OSError, aiohttp.ClientError, ValueError) as error:
        raise Unavailable(f"Asterisk's channels: {type(error).__name__}") from None
    return tuple(_callers(channels))


def _callers(channels: Any) -> Iterator[OnAir]:
    """Of a call's channels only the caller's own: its id is the call's."""
    for channel in channels if isinstance(channels, list) else ():
        match channel:
            case {"id": str(own), "channelvars": {"CALL_ID": str(call), **rest}} if own == call:
                yield OnAir(
                    call,
                    str(rest.get("CALL_STATE", "")),
                    str(rest.get("PRACTICE", "")),
                    str(rest.get("CALL_DID", "")),
                    str(rest.get("OUTCOME", "")),
                )
