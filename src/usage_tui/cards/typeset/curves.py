"""Curves over time, as whoever draws them needs them: points in whole numbers, and how each looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from usage_tui.cards.typeset.glyphs import Stroke
from usage_tui.cards.typeset.lines import Line, Tone

Point = tuple[int, int]
"""How far to the right, and how high."""


class Curve(NamedTuple):
    """Straight pieces from point to point, from left to right."""

    points: tuple[Point, ...]
    stroke: Stroke
    tone: Tone


class Sketch(NamedTuple):
    """Curves on a canvas; later ones cover earlier ones.

    Attributes:
        width: Cells.
        height: Rows.
        right: The place of the right edge; the left one is at 0.
        top: The value at the upper edge; the lower one is at 0.
        rules: Columns with a vertical rule behind the curves.
        rule: The symbol of the rule.
    """

    width: int
    height: int
    right: int
    top: int
    curves: tuple[Curve, ...]
    rules: tuple[int, ...] = ()
    rule: str = "|"

    def column(self, place: int) -> int:
        """The column in which a place is; a column has two dots."""
        return (2 * place * (2 * self.width - 1) + self.right) // (4 * self.right)


Canvas = Callable[[Sketch], Sequence[Line]]
"""Draws a sketch in as many lines as it has rows, each as wide as it is."""
