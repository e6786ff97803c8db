"""A few threads for an engine that can neither be interrupted nor trusted: Whisper, Kokoro.

What an engine does is bounded from outside: work whose caller left before it began is never begun, and when
every thread hangs in work that has missed its deadline, the next caller is told at once instead of after
another deadline. A thread that comes back is used again.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from voicebot.errors import EngineFailed

T = TypeVar("T")


class EnginePool:
    """Threads shared by every call of the process. `deadline_s` counts from the request, queue included."""

    def __init__(self, name: str, workers: int, deadline_s: float) -> None:
        self._name, self._workers, self._deadline_s = name, workers, deadline_s
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix=name)
        self._outstanding: set[object] = set()
        self._overdue: set[object] = set()

    @property
    def spare(self) -> int:
        """Threads that nothing waits for."""
        return max(0, self._workers - len(self._outstanding))

    async def run(self, work: Callable[[], T], within_s: float | None = None) -> T:
        """The result of `work`, done in a thread. Raises EngineFailed if it raises or misses the deadline
        (or the shorter `within_s`)."""
        deadline_s = self._deadline_s if within_s is None else within_s
        if len(self._overdue) >= self._workers:
            raise EngineFailed(f"{self._name}: every thread hangs")
        future = self._threads.submit(work)
        self._outstanding.add(future)
        future.add_done_callback(self._forget)
        waiter = asyncio.wrap_future(future)
        loop = asyncio.get_running_loop()
        due = loop.time() + deadline_s
        try:
            await asyncio.wait({waiter}, timeout=deadline_s)
        finally:
            # Whoever leaves earlier takes the deadline along: work that hangs is late though nobody waits.
            if not future.cancel() and not future.done():
                loop.call_at(due, self._is_late, future)
            waiter.cancel()
        if waiter.cancelled():
            self._is_late(future)
            raise EngineFailed(f"{self._name}: no result in {deadline_s:g} s")
        if error := waiter.exception():
            raise EngineFailed(f"{self._name}: {type(error).__name__}") from error
        return waiter.result()

    def _is_late(self, future: Future[T]) -> None:
        if not future.done():
            self._overdue.add(future)
            if future.done():  # between the question and the answer
                self._forget(future)

    def _forget(self, future: object) -> None:
        """Called in the engine's thread."""
        self._outstanding.discard(future)
        self._overdue.discard(future)

    def close(self) -> None:
        """Take no more work; what runs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
