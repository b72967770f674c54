"""A service far away: how long a page takes, and what a look costs that finds nothing new."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from bench.report import Measurement
from bench.session import react, running
from tests.network import Line, LiveService
from tests.terminal import Terminal, usage_tui

DELAY = 0.3
"""Seconds from a request to its answer."""
PAGES = 15
LOOKS = 5
_NOT_AHEAD = """
import sys
import usage_tui.clients.read_ahead as read_ahead
from usage_tui.cli import main
read_ahead.ReadAhead = lambda client: client
sys.exit(main(sys.argv[1:]))
"""


def measure(folder: Path) -> Iterator[Measurement]:
    """Use a service over a line that is late by `DELAY`.

    Args:
        folder: Where the service keeps its database.
    """
    with LiveService(folder) as service, late_line(service.port) as line:
        token = {"USAGE_TUI_TOKEN": service.owner}
        options = ("--url", line.url, "--no-cache", "--refresh")
        with running([sys.executable, "-c", _NOT_AHEAD, *options, "0"], **token) as terminal:
            fetched = list(_turn_pages(terminal))
        yield _slowest("next page at 300 ms, fetched when asked for", fetched)
        with running(usage_tui(*options, "0"), **token) as terminal:
            ahead = list(_turn_pages(terminal))
        yield _slowest("next page at 300 ms, fetched ahead", ahead, limit=50)
        with running(usage_tui(*options, "1"), **token) as terminal:
            yield from _looks(terminal, line)


@contextmanager
def late_line(port: int) -> Iterator[Line]:
    """A line to this port whose answers are late, carried by a thread of its own."""
    with asyncio.Runner() as runner:
        line, opened, closing = Line(port), threading.Event(), asyncio.Event()
        line.delay = DELAY

        async def carry() -> None:
            async with line:
                opened.set()
                await closing.wait()

        thread = threading.Thread(target=runner.run, args=(carry(),))
        loop = runner.get_loop()
        thread.start()
        opened.wait()
        try:
            yield line
        finally:
            loop.call_soon_threadsafe(closing.set)
            thread.join()


def _turn_pages(terminal: Terminal) -> Iterator[float]:
    """Seconds for each page; whoever reads one leaves time for the next to come."""
    react(terminal, "2")
    terminal.wait_until_quiet(2 * DELAY)
    for _ in range(PAGES):
        yield react(terminal, "n").seconds


def _slowest(name: str, seconds: list[float], limit: float | None = None) -> Measurement:
    milliseconds = quantiles([each * 1000 for each in seconds], n=20)[-1]
    return Measurement("network", f"{name}, 95 %", milliseconds, "ms", limit=limit)


def _looks(terminal: Terminal, line: Line) -> Iterator[Measurement]:
    """What each look that finds nothing new costs on either side."""
    written, costs = len(terminal.raw), list[float]()
    while len(costs) < LOOKS:
        asked, carried = len(line.asked), line.sent + line.received
        while len(line.asked) == asked or line.sent + line.received == carried:
            terminal.listen(0.01)
        costs.append((line.sent + line.received - carried) / (len(line.asked) - asked))
    yield Measurement("network", "a look without news, there and back", median(costs), "B")
    shown = len(terminal.raw) - written
    yield Measurement("network", "a look without news, to the terminal", shown, "B", limit=0)
