"""What a command has changed, in words: old and new, and from when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from usage_tui import wire
from usage_tui.cli.output import print_line

FROM_NOW_ON = ", from now on"


def differences(pairs: Mapping[str, tuple[object, object]]) -> dict[str, str]:
    """Every field that is another now, in words.

    Args:
        pairs: The old and the new value of each field.
    """
    return {
        name: f"{name.replace('_', ' ')}: {_said(old)} -> {_said(new)}"
        for name, (old, new) in pairs.items()
        if old != new
    }


def print_changes(what: str, changes: Sequence[str]) -> None:
    """Print what was changed, a line each."""
    if not changes:
        print_line(f"{what}: nothing was changed.")
        return
    print_line(f"{what}:")
    for line in changes:
        print_line(f"  {line}")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return wire.write_instant(value)
    return "none" if value in (None, "") else str(value)
