"""Opening an address in a browser, if there is one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping

from usage_tui.config.terminal import over_ssh


def is_safe(url: str) -> bool:
    """Whether the address may be opened or shown as a link: https, printable, without spaces."""
    return url.startswith("https://") and url.isascii() and url.isprintable() and " " not in url


def has_browser(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a browser with a window can open here, in front of the viewer."""
    if over_ssh(environ):
        return False
    return platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


async def open_in_browser(url: str) -> bool:
    """Open the address in a browser on this computer; False if there is none."""
    if not has_browser():
        return False
    return await asyncio.to_thread(_open, url)


def _open(url: str) -> bool:
    # xdg-open and open write to the terminal that the screen is drawn on, unless they are given another.
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        started = subprocess.Popen(  # noqa: S603 - the address has passed is_safe and is one argument
            [opener, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        # Python's own list of browsers ends with those that would take over this terminal.
        return False
    return started.pid > 0
