"""Over SSH, on links that are slow or far: seconds until a screen is seen."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

from bench.report import Measurement
from bench.start import NUMBERS
from tests.ssh.server import asyncssh_server
from tests.ssh.session import login, open_session
from tests.terminal import environment, usage_tui

SLOW = 2400
"""Bytes per second."""
FAR = 0.15
"""Seconds each way."""
_KEYS = {"cursor down": ("down", "Event      evt_00674"), "next page": ("n", "Rows 33–64")}
"""Keys in the history and what they bring to the screen."""


def measure(home: Path) -> Iterator[Measurement]:
    """Log in, wait for the numbers, and press keys.

    Args:
        home: An empty home.
    """
    links = {
        f"{SLOW:,} B/s": _use(home, rate=SLOW),
        f"{SLOW:,} B/s, compressed": _use(home, rate=SLOW, compressed=True),
        f"{2000 * FAR:.0f} ms there and back": _use(home, delay=FAR),
    }
    for name, use in links.items():
        for what, seconds in asyncio.run(use).items():
            yield Measurement("ssh", f"{name}, {what}", seconds * 1000, "ms")


async def _use(
    home: Path, *, rate: float | None = None, delay: float = 0.0, compressed: bool = False
) -> dict[str, float]:
    """Seconds from a login, and from keys, to what they bring."""
    variables = environment(home, SSH_CONNECTION="127.0.0.1 50022 127.0.0.1 22")
    compression = ["zlib@openssh.com" if compressed else "none"]
    taken = {}
    async with (
        asyncssh_server(shlex.join(usage_tui("--demo")), variables) as server,
        login(server, compression_algs=compression) as (connection, link),
    ):
        link.rate, link.delay = rate, delay
        began = time.monotonic()
        session = await open_session(connection, link)
        await session.wait_for(*NUMBERS)
        taken["numbers on screen"] = time.monotonic() - began
        session.press("2")
        await session.wait_for("Rows 1–32")
        for what, (key, brings) in _KEYS.items():
            began = time.monotonic()
            session.press(key)
            await session.wait_for(brings)
            taken[what] = time.monotonic() - began
    return taken
