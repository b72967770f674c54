"""The start with a service: from what is kept of it, and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.report import Measurement
from bench.start import MINIMAL, NUMBERS, Start, medians
from tests.server.processes import serve
from tests.terminal import usage_tui


def measure(folder: Path) -> Iterator[Measurement]:
    """Start the programs in turn, so that what else the machine does meets all of them alike.

    Args:
        folder: Where the cache lies; its first start finds nothing there.
    """
    with serve("--demo") as service:
        dashboard = usage_tui("--url", service.url)
        home = folder / "home-service"
        home.mkdir()
        signed = {"USAGE_TUI_TOKEN": service.owner}
        milliseconds = medians(
            {
                "minimal": Start(MINIMAL, ("minimal app",)),
                "cached": Start(dashboard, NUMBERS, None, 0, {**signed, "XDG_CACHE_HOME": str(folder)}),
                "asked": Start([*dashboard, "--no-cache"], NUMBERS, None, 0, signed),
                "again": Start(dashboard, NUMBERS, home, 2.5, signed),
            }
        )
    minimal, cached, asked, again = milliseconds.values()
    yield Measurement("start", "service, numbers from the cache", cached, "ms", minimal, 1.4)
    yield Measurement("start", "service, its numbers without a cache", asked, "ms", minimal)
    yield Measurement("start", "service, from the second start on", again, "ms", minimal, 0.35)
