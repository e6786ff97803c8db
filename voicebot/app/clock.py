"""The wall clock of a practice, as `ports.Clock`."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo


@dataclass(frozen=True)
class WallClock:
    """Real time in one zone."""

    zone: tzinfo

    def now(self) -> datetime:
        """Aware, in the practice's zone."""
        return datetime.now(self.zone)

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Callable[[], None]:
        """Run `callback` on the running loop then; returns what cancels it."""
        delay = max(0.0, (when - self.now()).total_seconds())
        return asyncio.get_running_loop().call_later(delay, callback).cancel
