"""What the service does periodically: watch the clock, book the effects of time, note the use of tokens."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from usage_tui.server.db.database import DatabaseUnavailable
from usage_tui.server.service import UsageService
from usage_tui.server.trusted_clock import TrustedClock

_EVERY_SECONDS = 30
_LOG = logging.getLogger("usage_tui.server")


@contextmanager
def keeping_time(service: UsageService, clock: TrustedClock) -> Iterator[None]:
    """Watch the clock and book the effects of time in a separate thread.

    Args:
        service: The service whose organizations are updated.
        clock: Its clock.
    """
    ended = Event()

    def keep() -> None:
        while not ended.is_set():
            _keep_once(service, clock)
            ended.wait(_EVERY_SECONDS)

    thread = Thread(target=keep, name="timekeeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        _keep_once(service, clock)


def _keep_once(service: UsageService, clock: TrustedClock) -> None:
    try:
        clock.remember()
        service.book_time()
        service.keep_token_use()
    except DatabaseUnavailable as error:
        _LOG.warning("The effects of time could not be booked and will be retried: %s.", error)
