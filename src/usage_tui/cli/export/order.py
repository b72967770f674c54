"""What is exported, and how."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Callable, Sequence
from typing import NamedTuple, TypeAlias

from usage_tui.cli.answer.session import Session
from usage_tui.cli.progress import Tally


class Order(NamedTuple):
    """What a file is to hold.

    Attributes:
        what: The table, ``report``, or ``focus``.
        format: One of `usage_tui.tables.kinds`, or ``html``.
        period: The word for a billing period; None if none was named.
        people: Whether the file may say who did what.
        chosen: Which events are exported, by the options of `add_filter`.
        words: More options of the command whose table it is.
        provider: Who provides what is used, if that was said.
    """

    what: str
    format: str
    period: str | None
    people: bool
    chosen: argparse.Namespace
    words: Sequence[str] = ()
    provider: str = ""


Exporter: TypeAlias = Callable[[Session, Order, Tally], AsyncIterator[str]]
"""Makes the text of a file piece by piece, and counts its rows."""
