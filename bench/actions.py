"""What single actions cost: bytes on the wire, and time from the key to the last of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from bench.minimal_diff import minimal_diff
from bench.recordings import write_demo
from bench.report import Measurement
from bench.session import Reaction, blank, listen_for, react, running
from tests.terminal import Terminal, usage_tui

REPEATS = 20
IDLE_SECONDS = 5


def measure(recording: Path) -> Iterator[Measurement]:
    """Open a recording and use it as a person would.

    Args:
        recording: The demo, recorded; it is changed and left changed.
    """
    with running(usage_tui(str(recording))) as terminal:
        size, least = len(terminal.raw), len(minimal_diff(blank(), terminal.cells))
        yield Measurement("bytes", "first paint", size, "B", least, 1.5)
        yield from _described("refresh, nothing changed", [react(terminal, "r") for _ in range(REPEATS)])
        yield from _described("one number changed", list(_changes(terminal, recording)))
        react(terminal, "2")
        yield from _described("cursor down one row", [react(terminal, "down") for _ in range(REPEATS)])
        yield from _described("next page", list(_pages(terminal)), slowest=8)
        yield from _idle(terminal)


def _changes(terminal: Terminal, recording: Path) -> Iterator[Reaction]:
    """Another number in the same place of the same file, and a look at it."""
    for number in range(REPEATS):
        write_demo(recording, storage=f"{41 + number % 2}.{1 + number % 9}")
        yield react(terminal, "r")


def _pages(terminal: Terminal) -> Iterator[Reaction]:
    """Forth by a page and back, so that there always is another; only the way forth counts."""
    for _ in range(REPEATS):
        yield react(terminal, "n")
        react(terminal, "p")


def _idle(terminal: Terminal) -> Iterator[Measurement]:
    before = len(terminal.raw)
    listen_for(terminal, IDLE_SECONDS)
    written = len(terminal.raw) - before
    yield Measurement("bytes", f"idle, {IDLE_SECONDS} s", written, "B", limit=0)


def _described(name: str, reactions: list[Reaction], slowest: float | None = None) -> Iterator[Measurement]:
    """Bytes beside those of a minimal diff, and times; the goal is 1.2 times as many, or none for none."""
    least = median(reaction.least for reaction in reactions)
    described = partial(Measurement, "bytes", name, median(reaction.size for reaction in reactions), "B")
    yield described(least, 1.2) if least else described(limit=0)
    milliseconds = [reaction.seconds * 1000 for reaction in reactions if reaction.size]
    if milliseconds:
        yield Measurement("time", f"{name}, median", median(milliseconds), "ms")
        yield Measurement("time", f"{name}, 95 %", quantiles(milliseconds, n=20)[-1], "ms", limit=slowest)
