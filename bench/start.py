"""From the start of a program to its numbers on the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

from bench.report import Measurement
from bench.session import listen_for, running, seconds_until
from tests.terminal import usage_tui

RUNS = 15
MINIMAL = [sys.executable, str(Path(__file__).with_name("minimal_app.py"))]
NUMBERS = ("6,250.25", "62%", "2,810.25", "50.125", "10,000.00", "1,200 of 2,000")
"""One number of each card of the demo but the chart, which may follow a frame later."""
NEWEST_EVENT = ("15:29:59",)
"""What stands in the first row of a long history."""


class Start(NamedTuple):
    """What is started.

    Attributes:
        command: An absolute path and its arguments.
        texts: What is on its first screen once that is complete.
        home: Where an earlier start has kept its first screen; None for an empty home.
        seconds: How long it runs on, so that it keeps its first screen for the next start.
        variables: Further ones of its environment.
    """

    command: list[str]
    texts: Sequence[str]
    home: Path | None = None
    seconds: float = 0
    variables: Mapping[str, str] = MappingProxyType({})


def medians(programs: Mapping[str, Start]) -> dict[str, float]:
    """Milliseconds to the texts. The programs start in turn: what else the machine does meets all alike."""
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for run in range(RUNS + 1):
        for name, start in programs.items():
            with running(start.command, start.home, **start.variables) as terminal:
                terminal.wait_for(*start.texts)
                listen_for(terminal, start.seconds)
                shown_after = seconds_until(terminal, start.texts)
            if run:  # the first one compiles, and keeps what the others find
                taken[name].append(shown_after * 1000)
    return {name: median(values) for name, values in taken.items()}


def measure(folder: Path, recording: Path, long_history: Path) -> Iterator[Measurement]:
    """From nothing, and from what an earlier start has kept.

    Args:
        folder: Where the homes are made.
        recording: The demo, recorded.
        long_history: A recording of a million events.
    """
    homes = {
        name: folder / f"home-{name.replace(' ', '-')}" for name in ("demo", "recording", "long history")
    }
    for home in homes.values():
        home.mkdir()
    demo, recorded, long = (usage_tui(word) for word in ("--demo", str(recording), str(long_history)))
    milliseconds = medians(
        {
            "minimal": Start(MINIMAL, ("minimal app",)),
            "demo": Start([*demo, "--no-cache"], NUMBERS),
            "recording": Start([*recorded, "--no-cache"], NUMBERS),
            "long history": Start(long, NEWEST_EVENT),
            "demo again": Start(demo, NUMBERS, homes["demo"]),
            "recording again": Start(recorded, NUMBERS, homes["recording"]),
            "long history again": Start(long, NEWEST_EVENT, homes["long history"], seconds=2),
        }
    )
    minimal = milliseconds["minimal"]
    yield Measurement("start", "minimal Textual app", minimal, "ms")
    yield Measurement("start", "demo, the first start", milliseconds["demo"], "ms", minimal, 1.4)
    yield Measurement("start", "recording, the first start", milliseconds["recording"], "ms", minimal, 1.4)
    yield Measurement("start", "1 million events, first page", milliseconds["long history"], "ms", limit=1000)
    for name in ("demo", "recording"):
        again = milliseconds[f"{name} again"]
        yield Measurement("start", f"{name}, from the second start on", again, "ms", minimal, 0.35)
    again = milliseconds["long history again"]
    yield Measurement("start", "1 million events, from the second start on", again, "ms", minimal, 0.35)
