"""The start with a service: from what is kept of it, and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.report import Measurement
from bench.session import running, seconds_until
from bench.start import MINIMAL, NUMBERS, RUNS
from tests.server.processes import serve
from tests.terminal import usage_tui


def measure(folder: Path) -> Iterator[Measurement]:
    """Start the programs in turn, so that what else the machine does meets all of them alike.

    Args:
        folder: Where the cache lies; its first start finds nothing there.
    """
    with serve("--demo") as service:
        dashboard = usage_tui("--url", service.url)
        variables = {"USAGE_TUI_TOKEN": service.owner, "XDG_CACHE_HOME": str(folder)}
        programs = {
            "minimal": (MINIMAL, ("minimal app",)),
            "cached": (dashboard, NUMBERS),
            "asked": ([*dashboard, "--no-cache"], NUMBERS),
        }
        taken: dict[str, list[float]] = {name: [] for name in programs}
        for run in range(RUNS + 1):
            for name, (command, texts) in programs.items():
                with running(command, **variables) as terminal:
                    terminal.wait_for(*texts)
                    shown_after = seconds_until(terminal, texts)
                if run:  # the first one compiles, and fills the cache
                    taken[name].append(shown_after * 1000)
    minimal, cached, asked = (median(values) for values in taken.values())
    yield Measurement("start", "service, numbers from the cache", cached, "ms", minimal, 1.9)
    yield Measurement("start", "service, its numbers without a cache", asked, "ms", minimal)
