"""The server commands need packages that the dashboard does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from usage_tui.cli.ending import Misuse


@contextmanager
def server_extra() -> Iterator[None]:
    """Import the server in this block.

    Raises:
        Misuse: The packages are not installed; the message says how to install them.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "usage_tui":
            raise
        raise Misuse(
            "this needs the packages of the server; in a checkout of usage-tui run: pip install '.[server]'"
        ) from None
