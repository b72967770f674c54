"""Whether and when a failed request is sent again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from usage_tui.frozen import frozen

_FIRST_PAUSE = 0.5
_JITTER = 0.25
_STATUSES = frozenset({408, 409, 429})


def is_retryable_status(status: int) -> bool:
    """Whether an answer with this status may be another one a moment later."""
    return status in _STATUSES or status >= 500


@frozen
class RetryPolicy:
    """How often and for how long a request is tried, and the clock that measures it.

    Attributes:
        tries: The most times that it is sent.
        seconds: The most time from the first try to the end of the last, pauses included.
        clock: Seconds that never go back.
        sleep: Waits so many seconds.
        random: A number from 0 to 1, so that not all who failed together come back together.
    """

    tries: int = 4
    seconds: float = 30.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random

    def pause(self, tried: int, asked: float | None) -> float:
        """Seconds until the next try.

        Args:
            tried: How often it was sent so far.
            asked: How long the service asks to wait.
        """
        if asked is not None:
            return asked
        return _FIRST_PAUSE * 2.0 ** (tried - 1) * (1 - _JITTER * self.random())
