"""The option that names a billing period. Every start declares it, so that it loads little."""

from __future__ import annotations

import argparse

from usage_tui.cli.ending import Misuse

TYPE_CHECKING = False  # typing is longer in coming than a help may take
if TYPE_CHECKING:
    from usage_tui.models import BillingPeriods, PastPeriod, Period

CURRENT, LAST = "current", "last"


def add_argument(parser: argparse.ArgumentParser, what: str = "which billing period") -> None:
    """Declare of which billing period the answer is."""
    parser.add_argument(
        "--period", default=CURRENT, metavar="ID|current|last", help=f"{what} (default: current)"
    )


def find_period(periods: BillingPeriods, current: Period | None, word: str) -> PastPeriod | None:
    """The earlier billing period that a word means; None for the current one.

    Args:
        periods: Those that are known.
        current: The current one; None if the source does not report it.
        word: An id, ``current`` or ``last``.

    Raises:
        Misuse: The period does not exist.
    """
    if word == CURRENT:
        return None
    if word == LAST:
        found = periods.before(current.id) if current is not None else None
    else:
        found = periods.find(word)
    if found is None and word == LAST and current is not None:
        raise Misuse(f"--period last: no billing period before {current.id} is known")
    if found is None:
        known = ", ".join(one.period.id for one in periods.items[:12])
        raise Misuse(f"--period: there is no period {word[:40]!r}; the periods are {known}")
    return None if current is not None and found.period.id == current.id else found
