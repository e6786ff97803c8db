"""What the processes of a fleet tell each other, in Redis; losing it loses no call: everything here degrades.

Each process keeps one note on a shared board. A note is a lease: it is renewed while its process lives and is
gone `LEASE_S` after the process has died. Changes are published. Callers are counted in a sliding window.
A note holds no patient's words and a caller is known by a keyed hash only: Redis is no place for either.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Mapping
from logging import getLogger
from typing import Any

from voicebot.errors import Faulty

LEASE_S = 10.0
"""A dead process is forgotten after that."""
RENEW_S = 3.0
"""Two renewals may be lost before a lease ends."""
DEADLINE_S = 1.0
"""For anything Redis is asked on the board; it takes a millisecond."""
ADMIT_S = 0.2
"""A caller waits for it: then this process decides alone."""
RETRY_S = 1.0
NOTES, CHANNEL, CALLERS = "voicebot:note:", "voicebot:notes", "voicebot:caller:"
LATELY = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2] * 1000000)
local before = redis.call('ZCARD', KEYS[1])
if before >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 1000)
return 1
"""
"""Sliding window by a sorted set of instants; one script, so that machines that ask at once count right."""

Seen = Callable[[Mapping[str, str]], None]
log = getLogger(__name__)


class RedisBoard:
    """A process's own note, its neighbours' notes, and the counting of callers.

    `url` as redis-py takes it; `name` of this process, unlike any other's; `pepper` keys the hash of callers:
    machines that share it count together. Raises Faulty for a URL that cannot be one, or without the package.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        password: str = "",
        pepper: bytes = b"",
        lease_s: float = LEASE_S,
        renew_s: float = RENEW_S,
    ) -> None:
        self._redis, self._errors = _client(url, password)
        self._name, self._pepper = name, pepper
        self._lease_s, self._renew_s = lease_s, renew_s
        self._changed = asyncio.Event()
        self._notes: dict[str, tuple[str, float]] = {}
        self._lost = False

    @property
    def up(self) -> bool:
        """Redis answered the last time it was needed."""
        return not self._lost

    def changed(self) -> None:
        """Our note is another one now: told as soon as Redis can be reached. Never waits."""
        self._changed.set()

    async def run(self, note: Callable[[], str], seen: Seen) -> None:
        """Keep our note and watch the others' until cancelled; `seen` gets all of theirs at each change."""
        try:
            while True:
                try:
                    await self._connected(note, seen)
                except* self._errors as errors:
                    self._say_lost(next(_leaves(errors)))
                self._forget(seen)
                await asyncio.sleep(RETRY_S)
        finally:
            await asyncio.shield(self._leave())

    async def admits(self, caller: str, limit: int, window_s: float) -> bool | None:
        """Count a call: False if `caller` had `limit` of them within `window_s`; None: Redis cannot say."""
        if self._lost:
            return None
        hashed = hmac.new(self._pepper, caller.encode(), hashlib.sha256).hexdigest()[:32]
        call = f"{self._name}-{time.monotonic_ns()}"
        try:
            async with asyncio.timeout(ADMIT_S):
                reply = self._redis.eval(LATELY, 1, CALLERS + hashed, str(limit), str(window_s), call)
                return bool(await reply)
        except self._errors as error:
            self._say_lost(error)
            self._changed.set()  # the board finds out whether it is down, or was only slow
            return None

    async def _connected(self, note: Callable[[], str], seen: Seen) -> None:
        """One connection's life; raises what ended it."""
        async with self._redis.pubsub() as heard:
            async with asyncio.timeout(DEADLINE_S):
                await heard.subscribe(CHANNEL)
                await self._read_all(seen)
            self._changed.set()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(heard, seen))
                tasks.create_task(self._renew(note, seen))

    async def _renew(self, note: Callable[[], str], seen: Seen) -> None:
        while True:
            try:
                async with asyncio.timeout(self._renew_s):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            async with asyncio.timeout(DEADLINE_S):
                await self._write(note())
            if self._lost:
                self._lost = False
                log.warning("Redis answers again: the machines show each other's calls")
            self._forget(seen)

    async def _write(self, note: str) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(NOTES + self._name, note, px=int(self._lease_s * 1000))
            pipe.publish(CHANNEL, f"{self._name}\n{note}")
            await pipe.execute()

    async def _listen(self, heard: Any, seen: Seen) -> None:
        async for message in heard.listen():
            if message["type"] == "message":
                name, _, note = message["data"].partition("\n")
                self._hear(name, note)
                seen(self._current())

    async def _read_all(self, seen: Seen) -> None:
        found = [key async for key in self._redis.scan_iter(match=NOTES + "*", count=1000)]
        notes = await self._redis.mget(found) if found else []
        self._notes = {}
        for key, note in zip(found, notes, strict=True):
            self._hear(key.removeprefix(NOTES), note or "")
        seen(self._current())

    def _hear(self, name: str, note: str) -> None:
        """An empty note is a farewell."""
        self._notes.pop(name, None)
        if note and name != self._name:
            self._notes[name] = note, time.monotonic()

    def _forget(self, seen: Seen) -> None:
        """Leases end by our own clock too: Redis may be gone together with a neighbour."""
        over = time.monotonic() - self._lease_s
        kept = {name: (note, at) for name, (note, at) in self._notes.items() if at > over}
        if kept != self._notes:
            self._notes = kept
            seen(self._current())

    def _current(self) -> dict[str, str]:
        return {name: note for name, (note, _) in sorted(self._notes.items())}

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(DEADLINE_S):
                if not self._lost:
                    await self._redis.delete(NOTES + self._name)
                    await self._redis.publish(CHANNEL, f"{self._name}\n")
                await self._redis.aclose()
        except self._errors:
            pass  # the lease ends by itself

    def _say_lost(self, error: BaseException) -> None:
        """Once for each time it is lost. The error's text is left out: it may quote the URL's password."""
        if not self._lost:
            self._lost = True
            log.warning(
                "Redis does not answer (%s): calls go on, the other machines' are not shown",
                type(error).__name__,
            )


def _client(url: str, password: str) -> tuple[Any, tuple[type[BaseException], ...]]:
    try:
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
        from redis.exceptions import RedisError
    except ImportError as missing:
        raise Faulty(
            "VOICEBOT_REDIS_URL est donné mais le paquet redis manque : "
            "pip install --require-hashes -r requirements/fleet.txt"
        ) from missing
    try:
        client = Redis.from_url(
            url,
            decode_responses=True,
            encoding_errors="replace",
            socket_connect_timeout=DEADLINE_S,
            retry=Retry(
                NoBackoff(), 0
            ),  # trying again is ours: with a log line, and without making anyone wait
            password=password or None,
        )
    except ValueError as wrong:
        raise Faulty(
            "VOICEBOT_REDIS_URL : une adresse en redis://, rediss:// ou unix:// est attendue"
        ) from wrong
    return client, (RedisError, OSError, TimeoutError)


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
