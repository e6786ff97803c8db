"""Virtual time: a call of minutes passes in milliseconds."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime


class VirtualClock:
    """ports.Clock whose time moves only when told to."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._alarms: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._cancelled: set[int] = set()

    def now(self) -> datetime:
        """See Clock."""
        return self._now

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Callable[[], None]:
        """See Clock."""
        number = next(self._order)
        heapq.heappush(self._alarms, (max(when, self._now), number, callback))
        return lambda: self._cancelled.add(number)

    def advance(self) -> bool:
        """Jump to the next alarm and ring it; False when there is none."""
        while self._alarms:
            when, number, callback = heapq.heappop(self._alarms)
            if number not in self._cancelled:
                self._now = max(self._now, when)
                callback()
                return True
        return False
