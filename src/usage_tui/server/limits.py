"""How often a token may ask."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from usage_tui.server.problems import Problem

PER_SECOND = 50.0
BURST = 200.0
_MOST_KEPT = 10_000


class RateLimit:
    """A bucket of requests for each token, filled at an even pace."""

    def __init__(
        self,
        per_second: float = PER_SECOND,
        burst: float = BURST,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Limit every token alike.

        Args:
            per_second: How many requests a second it may make in the long run.
            burst: How many at once after a pause.
            monotonic: A clock in seconds that never goes back.
        """
        self._per_second, self._burst, self._monotonic = per_second, burst, monotonic
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, token_id: str) -> None:
        """Count a request.

        Raises:
            Problem: It is one too many; it says how long to wait.
        """
        with self._lock:
            now = self._monotonic()
            level, at = self._buckets.pop(token_id, (self._burst, now))
            level = min(self._burst, level + (now - at) * self._per_second)
            if len(self._buckets) >= _MOST_KEPT:
                del self._buckets[next(iter(self._buckets))]
            self._buckets[token_id] = (max(level - 1, 0.0) if level >= 1 else level), now
        if level < 1:
            wait = math.ceil((1 - level) / self._per_second)
            raise Problem(
                "quota_exceeded",
                f"This token may make {self._per_second:g} requests a second.",
                headers={"Retry-After": str(wait)},
            )
