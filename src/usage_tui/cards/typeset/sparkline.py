"""A trend in one row: a symbol a day, as high as the day is beside the highest of its own row."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cards.typeset.glyphs import Glyphs


def sparkline(amounts: Sequence[int], glyphs: Glyphs) -> str:
    """One symbol for each amount: blank for nothing, a minus for less than nothing.

    Each row has a scale of its own, so it shows when something was used, not how much.
    """
    largest = max(amounts, default=0)
    return "".join(_symbol(amount, largest, glyphs) for amount in amounts)


def _symbol(amount: int, largest: int, glyphs: Glyphs) -> str:
    if amount <= 0:
        return "-" if amount else " "
    levels = len(glyphs.eighths)
    # Rounded half up to an eighth, but no use at all is drawn as none.
    level = max(1, (2 * amount * levels + largest) // (2 * largest))
    return glyphs.eighths[level - 1]
