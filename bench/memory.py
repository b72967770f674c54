"""Physical memory: of a minimal program, and of a long history that was looked at from end to end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench.report import Measurement
from bench.session import cpu_time, react, resident_mib, running
from bench.start import MINIMAL
from tests.terminal import Terminal, usage_tui

MOST_MIB = 60
IDLE_SECONDS = 3
"""After so long without work, the check of the whole recording is over."""


def measure(long_history: Path) -> Iterator[Measurement]:
    """Walk through a recording of a million events while it is checked.

    Args:
        long_history: The recording.
    """
    for name, command in (("minimal Textual app", MINIMAL), ("demo", usage_tui("--demo"))):
        with running(command) as terminal:
            yield Measurement("memory", name, resident_mib(terminal), "MiB")
    with running(usage_tui(str(long_history))) as terminal:
        for key in "2nnpGpg":
            react(terminal, key)
        yield Measurement("memory", "1 million events", _most_until_idle(terminal), "MiB", limit=MOST_MIB)


def _most_until_idle(terminal: Terminal) -> float:
    most, used, since = 0.0, "", time.monotonic()
    while time.monotonic() - since < IDLE_SECONDS:
        terminal.wait_until_quiet(0.2)
        most = max(most, resident_mib(terminal))
        if cpu_time(terminal) != used:
            used, since = cpu_time(terminal), time.monotonic()
    return most
