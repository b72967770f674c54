"""The values of a status line, by name, from the digest as it stands in its file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from usage_tui.named_tuple import NamedTuple
from usage_tui.text.amounts import MICRO, amount_text, is_money, places
from usage_tui.text.clean import clean
from usage_tui.text.numbers import percent

Digest = Mapping[str, Any]
"""The JSON of a `StatusAnswer`."""

_THOUSAND, _MILLION = 1_000, 1_000_000


class Micro(NamedTuple):
    """An amount in millionths."""

    micro: int


AMOUNTS = ("credits", "included", "purchased", "locked", "overage", "used", "pace")
_TEXTS = ("refresh", "state", "runs_out", "earliest", "latest", "days_left")
NAMES = (*AMOUNTS, "percent_used", "percent_left", *_TEXTS, "org", "as_of", "stale")
"""Everything that a format can name."""
SPECS = ("k", "0")
"""How an amount may be shortened: thousands, or no decimals."""


def micro_of(text: str) -> int:
    """The millionths of an amount as it stands in JSON."""
    whole, _, fraction = text.removeprefix("-").partition(".")
    micro = int(whole) * MICRO + int(fraction[:6].ljust(6, "0"))
    return -micro if text.startswith("-") else micro


def is_there(digest: Digest, name: str) -> bool:
    """Whether a value is known, and is not zero and not false."""
    if name in AMOUNTS:
        return digest[name] is not None and micro_of(digest[name]) != 0
    return bool(text_of(digest, name))


def text_of(digest: Digest, name: str, spec: str = "") -> str:
    """A value as text; empty if unknown.

    Args:
        digest: The numbers.
        name: One of `NAMES`.
        spec: One of `SPECS`, for an amount; empty for the amount as the cards show it.
    """
    match name:
        case "org":
            return clean(digest["org"]["name"] or digest["org"]["id"])
        case "stale":
            return "stale" if digest["stale"] else ""
        case "as_of":
            return taken_at(digest)
        case "percent_used":
            return _percent(digest, of_used=True)
        case "percent_left":
            return _percent(digest, of_used=False)
    value = digest[name]
    if value is None:
        return ""
    if name not in AMOUNTS:
        return clean(str(value))
    return _amount(micro_of(value), digest["unit"], spec)


def _amount(micro: int, unit: str, spec: str) -> str:
    if spec == "0":
        return amount_text(Micro(micro), unit, 0)
    if spec == "k" and abs(micro) >= _THOUSAND * MICRO:
        size, letter = (_MILLION, "M") if abs(micro) >= _MILLION * MICRO else (_THOUSAND, "k")
        # Cut, not rounded: nobody is told of more than there is.
        tenths = abs(micro) * 10 // (size * MICRO)
        whole, tenth = divmod(tenths, 10)
        sign = "-" if micro < 0 else ""
        short = f"{sign}{whole:,}{f'.{tenth}' if tenth else ''}{letter}"
        return f"{short} {unit}" if is_money(unit) else short
    return amount_text(Micro(micro), unit, places((Micro(micro),), unit))


def _percent(digest: Digest, *, of_used: bool) -> str:
    if digest["progress_granted"] is None:
        return ""
    used, granted = micro_of(digest["progress_used"]), micro_of(digest["progress_granted"])
    return percent(Decimal(used if of_used else granted - used), Decimal(granted))


def taken_at(digest: Digest) -> str:
    """When the data were fetched, in the organization's time zone: ``15:30``, or ``Nov 22, 15:30``."""
    from datetime import UTC, datetime

    from usage_tui.text import dates

    zone, at = digest["org"]["time_zone"], datetime.fromisoformat(digest["fetched_at"])
    today = dates.local(datetime.now(UTC), zone).date()
    is_today = dates.local(at, zone).date() == today
    return dates.clock(at, zone, seconds=False) if is_today else dates.moment(at, zone)
