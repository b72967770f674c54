"""Bars of single cells: heavy for so much, light for the rest."""

from __future__ import annotations

from decimal import Decimal

from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.cards.typeset.lines import Line, Span, Tone, line


def progress(used: Decimal, whole: Decimal, cells: int, glyphs: Glyphs) -> Line:
    """How much of the whole is used. A bar is full only when nothing remains."""
    filled = _filled(used, whole, cells)
    return line(Span(glyphs.bar * filled, "included"), Span(glyphs.rest * (cells - filled), "rule"))


def _filled(used: Decimal, whole: Decimal, cells: int) -> int:
    """Whole cells: at least one for any use, and all of them only for all of it."""
    if used <= 0 or whole <= 0:
        return 0
    if used >= whole:
        return cells
    return min(max(1, int(used * cells / whole)), cells - 1)


def relative(amount: Decimal, largest: Decimal, cells: int, glyphs: Glyphs) -> Line:
    """An amount beside the largest of its column, in half cells; at least half a cell for any."""
    if amount <= 0 or largest <= 0 or cells <= 0:
        return line(" " * cells)
    halves = min(max(1, int(amount * cells * 2 / largest + Decimal("0.5"))), cells * 2)
    bar = glyphs.bar * (halves // 2) + glyphs.half * (halves % 2)
    return line(Span(bar, "included"), " " * (cells - len(bar)))


def split(parts: list[tuple[Decimal, str, Tone]], cells: int, glyphs: Glyphs) -> Line:
    """Several amounts side by side, one empty cell between them; empty amounts are left out.

    Args:
        parts: Amount, symbol and tone of each.
        cells: The width of all together.
        glyphs: The symbols; the rest is drawn if there is no amount at all.
    """
    shown = [part for part in parts if part[0] > 0]
    if not shown:
        return (Span(glyphs.rest * cells, "rule"),)
    room = cells - (len(shown) - 1)
    total = sum(amount for amount, _, _ in shown)
    spans: list[Span | str] = []
    left = room
    for index, (amount, glyph, tone) in enumerate(shown):
        later = len(shown) - index - 1
        size = left if not later else min(max(1, int(amount * room / total + Decimal("0.5"))), left - later)
        left -= size
        spans += [*([" "] if spans else []), Span(glyph * size, tone)]
    return line(*spans)
