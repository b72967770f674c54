"""The balance carried forward through a period, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from usage_tui.cards.typeset.lines import Line, Span, line, wrap
from usage_tui.models import Credits, RollForward
from usage_tui.text.amounts import amount_text, places

MOST_LINES = 3
"""The most lines that the balance of a past period usually takes: a blank one, and two of words."""


def moves(carried: RollForward) -> Mapping[str, Credits]:
    """What has moved since the period began, by what it is called."""
    return {
        "granted": carried.granted,
        "used": carried.used,
        "lapsed": carried.lapsed,
        "voided": carried.voided,
        "given back": carried.restored,
    }


def carried_text(carried: RollForward, end: str, shown: Callable[[Credits], str]) -> str:
    """``40 at the start, 100 granted, 24 used, 116 now``.

    Args:
        carried: The balance carried forward.
        end: What it ends with, in words.
        shown: Writes an amount.
    """
    moved = [f"{shown(amount)} {word}" for word, amount in moves(carried).items() if amount]
    return ", ".join([f"{shown(carried.opening)} at the start", *moved, end])


def carried_lines(carried: RollForward, unit: str, width: int, height: int) -> list[Line]:
    """The balance carried through a period that is over, below its usage.

    Without the moves if they do not fit; nothing if there is no room at all.
    """
    decimals = places([carried.opening, carried.closing, *moves(carried).values()], unit)

    def shown(amount: Credits) -> str:
        return amount_text(amount, unit, decimals)

    end = f"{shown(carried.closing)} at the end"
    whole = wrap(f"Balance: {carried_text(carried, end, shown)}", width)
    brief = wrap(f"Balance: {shown(carried.opening)} at the start, {end}", width)
    forms = ["", *whole], whole, ["", *brief], brief
    fitting = next((form for form in forms if len(form) <= height), [])
    return [line(Span(text, "muted")) for text in fitting]
