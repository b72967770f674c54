"""The progress of long work, shown on a terminal only, and only after a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TextIO, TypeVar

T = TypeVar("T")

_TIMEOUT = 1.0
"""Seconds before anything is drawn."""
_STEP = 5_000
_WIDTH = 30


class Progress:
    """Draws one line in place, and removes it at the end of each piece of work."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        """Draw nothing yet.

        Args:
            stream: Where to draw; nothing is drawn if it is not a terminal.
            clock: Seconds.
        """
        self._stream = stream
        self._clock = clock
        self._begin = clock()

    def track(
        self, items: Iterable[T], what: str, total: int, position: Callable[[], int] | None = None
    ) -> Iterator[T]:
        """Pass the items on, and draw how many are done.

        Args:
            items: The work.
            what: What is being done, such as ``Reading``.
            total: Where `position` ends; 0 if unknown, and then nothing is drawn.
            position: How far the work is; without it, the number of items is counted.
        """
        if not total or not self._stream.isatty():
            yield from items
            return
        drawn = 0
        for number, item in enumerate(items):
            if number % _STEP == 0 and self._clock() - self._begin >= _TIMEOUT:
                drawn = self._draw(what, position() if position else number, total)
            yield item
        self._stream.write(f"\r{'':{drawn}}\r" if drawn else "")
        self._stream.flush()

    def _draw(self, what: str, done: int, total: int) -> int:
        part = min(done / total, 1)
        line = f"{what} [{'#' * int(part * _WIDTH):{_WIDTH}}] {part:4.0%}"
        self._stream.write(f"\r{line}")
        self._stream.flush()
        return len(line)


class Tally:
    """Counts rows, and tells on a terminal how many there are: ``1,200 of 28,185``.

    Attributes:
        rows: How many.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        """Count from 0.

        Args:
            stream: Where to tell; nothing is told if it is not a terminal.
            clock: Seconds.
        """
        self.rows = 0
        self._stream = stream
        self._clock = clock
        self._begin = clock()
        self._drawn = 0

    def add(self, rows: int, total: int | None) -> None:
        """Count some more.

        Args:
            rows: How many.
            total: How many there will be; None if unknown.
        """
        self.rows += rows
        if self._stream.isatty() and self._clock() - self._begin >= _TIMEOUT:
            line = f"{self.rows:,}" if total is None else f"{self.rows:,} of {total:,}"
            self._stream.write(f"\r{line:<{self._drawn}}")
            self._stream.flush()
            self._drawn = len(line)

    def clear(self) -> None:
        """Remove the line."""
        self._stream.write(f"\r{'':{self._drawn}}\r" if self._drawn else "")
        self._stream.flush()
        self._drawn = 0
