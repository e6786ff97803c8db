"""Whether a language model is worth asking just now, and what came of asking it."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Literal

FAILURES = 5
"""In a row: by then callers have waited 6 s in all for nothing."""
REST_S = 30.0

Outcome = Literal["answered", "slow", "failed", "invalid", "absurd", "dropped"]
"""A usable answer; none in time; no answer; not what was asked for; values that cannot be in the words;
nobody wanted it any more."""
GOOD: frozenset[Outcome] = frozenset({"answered", "absurd"})
"""The model works: the nonsense one caller makes it read must not close it for the others."""


class Breaker:
    """Opens after FAILURES in a row; after REST_S one request tries whether it may close again."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        failures: int = FAILURES,
        rest_s: float = REST_S,
    ) -> None:
        """`clock` in seconds."""
        self._clock, self._limit, self._rest_s = clock, failures, rest_s
        self._failed = 0
        self._opened: float | None = None
        self._trying = False
        self._counts: Counter[str] = Counter()

    @property
    def state(self) -> Literal["closed", "open", "trying"]:
        """ "closed": requests go through."""
        return "closed" if self._opened is None else "trying" if self._trying else "open"

    def admits(self) -> bool:
        """Whether a request may go out now; if so, `settle` must be told what came of it."""
        if self._opened is not None:
            if self._trying or self._clock() - self._opened < self._rest_s:
                self._counts["skipped"] += 1
                return False
            self._trying = True
        self._counts["asked"] += 1
        return True

    def settle(self, outcome: Outcome) -> None:
        """What came of a request that was admitted."""
        self._counts[outcome] += 1
        self._trying = False
        if outcome in GOOD:
            self._failed, self._opened = 0, None
        elif outcome != "dropped":
            self._failed += 1
            if self._opened is not None or self._failed >= self._limit:
                self._opened = self._clock()

    def figures(self) -> Mapping[str, object]:
        """Counts since the start by what came of it, without any words."""
        return {"breaker": self.state, **self._counts}
