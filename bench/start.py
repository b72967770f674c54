"""From the start of a program to its numbers on the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.report import Measurement
from bench.session import running, seconds_until
from tests.terminal import usage_tui

RUNS = 15
MINIMAL = [sys.executable, str(Path(__file__).with_name("minimal_app.py"))]
NUMBERS = ("6,250.25", "62%", "2,810.25", "50.125", "10,000.00", "1,200 of 2,000")
"""One number of each card of the demo but the chart, which may follow a frame later."""
NEWEST_EVENT = ("15:29:59",)
"""What stands in the first row of a long history."""


def measure(recording: Path, long_history: Path) -> Iterator[Measurement]:
    """Start the programs in turn, so that what else the machine does meets all of them alike.

    Args:
        recording: The demo, recorded.
        long_history: A recording of a million events.
    """
    programs = {
        "minimal": (MINIMAL, ("minimal app",)),
        "demo": (usage_tui("--demo"), NUMBERS),
        "recording": (usage_tui(str(recording)), NUMBERS),
        "long history": (usage_tui(str(long_history)), NEWEST_EVENT),
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for run in range(RUNS + 1):
        for name, (command, texts) in programs.items():
            with running(command) as terminal:
                shown_after = seconds_until(terminal, texts)
            if run:  # the first one compiles
                taken[name].append(shown_after * 1000)
    milliseconds = {name: median(values) for name, values in taken.items()}
    minimal = milliseconds["minimal"]
    yield Measurement("start", "minimal Textual app", minimal, "ms")
    yield Measurement("start", "demo, its numbers", milliseconds["demo"], "ms", minimal, 1.5)
    yield Measurement("start", "recording, its numbers", milliseconds["recording"], "ms", minimal, 1.9)
    yield Measurement("start", "1 million events, first page", milliseconds["long history"], "ms", limit=1000)
