"""Some commands need packages that the dashboard does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from usage_tui.cli.ending import Misuse


@contextmanager
def extra(name: str, words: str) -> Iterator[None]:
    """Import in this block what an extra of the package installs.

    Args:
        name: The extra.
        words: What its packages are.

    Raises:
        Misuse: The packages are not installed; the message says how to install them.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "usage_tui":
            raise
        raise Misuse(f"this needs {words}; in a checkout of usage-tui run: pip install '.[{name}]'") from None
