"""The rate limit of each token."""

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
    """A bucket of requests for each token, refilled at a constant rate."""

    def __init__(
        self,
        per_second: float = PER_SECOND,
        burst: float = BURST,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Give every token the same limit.

        Args:
            per_second: How many requests per second a token can make on average.
            burst: How many it can make at once after a pause.
            monotonic: A clock in seconds that never goes back.
        """
        self._per_second, self._burst, self._monotonic = per_second, burst, monotonic
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, token_id: str) -> None:
        """Count a request.

        Raises:
            Problem: The limit is exceeded. It says how long to wait.
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
                f"This token is limited to {self._per_second:g} requests per second.",
                headers={"Retry-After": str(wait)},
            )
