"""What a command has changed, in words: old value, new value, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from usage_tui import wire
from usage_tui.cli.output import print_line
from usage_tui.models import CREDITS, Credits, Unit
from usage_tui.text.amounts import spoken_amount

FROM_NOW_ON = ", from now on"


def differences(pairs: Mapping[str, tuple[object, object]], unit: Unit = CREDITS) -> dict[str, str]:
    """Every field that has changed, in words.

    Args:
        pairs: The old and the new value of each field.
        unit: What amounts among them count.
    """
    return {
        name: f"{name.replace('_', ' ')}: {_said(old, unit)} -> {_said(new, unit)}"
        for name, (old, new) in pairs.items()
        if old != new
    }


def print_changes(what: str, changes: Sequence[str]) -> None:
    """Print what was changed, one line each."""
    if not changes:
        print_line(f"{what}: nothing was changed.")
        return
    print_line(f"{what}:")
    for line in changes:
        print_line(f"  {line}")


def _said(value: object, unit: Unit) -> str:
    if isinstance(value, Credits):
        return spoken_amount(value, unit.code)
    if isinstance(value, Unit):
        return value.code
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return wire.write_instant(value)
    return "none" if value in (None, "") else str(value)
